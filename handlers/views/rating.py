"""评价：登录后的，和凭个人链接不必登录的，走同一套一屏一问。选项就是提交按钮，点一下走一步，什么也不预选。

没有脚本也能填完；三问加核对四下，不满意的六下。回答只在页面的隐藏字段里，提交以前谁也看不到。
"""
from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianluo.accounts import links
from lianluo.accounts.decorators import roles_required
from lianluo.accounts.models import PersonalLink
from lianluo.accounts.roles import Role
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import guessing, rating, reading
from ..actions import evaluating, evaluation_links
from ..forms.evaluating import OpinionForm, PressureForm, RatingForm
from ..models import Delivery, Evaluation

deputy_only = roles_required(Role.DEPUTY)
FOUND = (
    "reply__assignment__suggestion__session", "reply__assignment__unit", "deputy__account",
    "suggestion__session", "evaluation",
)
PUBLISH = {"submit-yes": True, "submit-no": False}


@dataclass(frozen=True)
class Visit:
    """谁来评价哪一份：登录的代表，或者凭链接的。``receipt`` 是提交后去的地方。"""

    delivery: Delivery
    receipt: str
    link: PersonalLink | None = None


# ── 登录的 ──
def _own(request: HttpRequest, pk: int) -> Delivery:
    return get_object_or_404(Delivery.objects.select_related(*FOUND), pk=pk, deputy=request.user.deputy)


@require_http_methods(["GET", "POST"])
@deputy_only
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """代表登录后评价。"""
    return _flow(request, Visit(_own(request, pk), reverse("deputy:receipt", args=[pk])))


@require_http_methods(["GET", "POST"])
@deputy_only
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """回执：回执号，评价了什么，接下来怎样。"""
    delivery = _own(request, pk)
    if _evaluation(delivery) is None:
        return redirect("deputy:rate", pk=pk)
    return _receipt(request, Visit(delivery, reverse("deputy:receipt", args=[pk])))


# ── 凭链接的 ──
@never_cache
@require_http_methods(["GET", "POST"])
def rate_link(request: HttpRequest, token: str) -> HttpResponse:
    """个人链接：不必登录；只给这名代表、只为这一份答复，提交即用掉，用过的看回执。"""
    if guessing.too_many(request):
        return _stopped(request, "打不开的链接试得太多了，十五分钟后再打开", 429)
    try:
        link = links.resolve(evaluation_links.PURPOSE, token)
    except links.LinkError as error:
        return _dead(request, error)
    delivery = evaluation_links.delivery_of(link)
    if delivery is None:
        return _stopped(request, "这个链接对应的答复已不在", 404)
    return _for_its_owner(request, Visit(delivery, request.path, link))


def _for_its_owner(request: HttpRequest, visit: Visit) -> HttpResponse:
    """用别人的账号登录着打开的，不让填：不能代填。"""
    user, owner = request.user, visit.delivery.deputy
    if user.is_authenticated and user.pk != owner.account_id:
        return _stopped(request, f"这个链接只给{owner.name}代表本人，现在登录的是{user.name}，退出登录后再打开", 403)
    return _flow(request, visit)


def _dead(request: HttpRequest, error: links.LinkError) -> HttpResponse:
    """用不了的链接：提交过的看回执，过期、作废的告诉怎么办，认不出的记一次。"""
    if error.link is None:
        guessing.count(request)
        return _stopped(request, error.sentence, 404)
    delivery = evaluation_links.delivery_of(error.link)
    if delivery is not None and _evaluation(delivery) is not None:
        return _receipt(request, Visit(delivery, request.path, error.link))
    sentence = evaluating.closed_because(delivery) if delivery is not None else ""
    return _stopped(request, sentence or error.sentence, error.status, delivery)


def _stopped(request: HttpRequest, sentence: str, status: int, delivery: Delivery | None = None) -> HttpResponse:
    """走不下去的一页：为什么，接下来可以怎么办。"""
    return render_page(
        request, "handlers/my/stopped.html", None, {"sentence": sentence, "delivery": delivery}, status=status
    )


# ── 一屏一问 ──
def _evaluation(delivery: Delivery) -> Evaluation | None:
    return getattr(delivery, "evaluation", None)


def _flow(request: HttpRequest, visit: Visit) -> HttpResponse:
    delivery = visit.delivery
    if _evaluation(delivery) is not None:
        return _receipt(request, visit) if visit.link else redirect(visit.receipt)
    sentence = evaluating.closed_because(delivery)
    if sentence:
        return _stopped(request, sentence, 409, delivery)
    reading.mark_read([delivery], clock.now())
    if request.POST.get("do") in PUBLISH:
        return _submit(request, visit)
    answers = rating.Answers.of(request.POST)
    step = rating.step_of(request.POST, answers)
    if request.POST.get("do") == rating.OPINION:
        return _opinion(request, visit, answers)
    return _ask(request, visit, answers, step)


def _ask(request: HttpRequest, visit: Visit, answers: rating.Answers, step: str, form=None) -> HttpResponse:
    """显示一屏。"""
    if step == rating.OPINION and form is None:
        form = OpinionForm(demanded=answers.unhappy, initial={"reasons": answers.reasons, "opinion": answers.opinion})
    delivery = visit.delivery
    explained = rating.EXPLAINED if delivery.is_lead else rating.EXPLAINED_TO_COSIGNER
    page = "check" if step == rating.CHECK else "opinion" if step == rating.OPINION else "question"
    return render_page(request, f"handlers/my/rate_{page}.html", None, {
        "visit": visit, "delivery": delivery, "case": delivery.suggestion, "unit": delivery.reply.assignment.unit_name,
        "step": step, "place": list(rating.ASKED).index(step) + 1 if step in rating.ASKED else 0,
        "question": rating.ASKED.get(step, "").format(unit=delivery.reply.assignment.unit_name),
        "explained": explained.get(step, ""), "choices": rating.Satisfaction.choices, "answers": answers,
        "before": getattr(answers, step, "") if step in rating.ASKED else "",
        "carried": list(answers.carried(step)), "back": rating.previous(step), "form": form,
    }, status=422 if form is not None and form.is_bound else 200)


def _opinion(request: HttpRequest, visit: Visit, answers: rating.Answers) -> HttpResponse:
    """“哪里不满意”交上来：说清楚了往下走，没有说清楚的留在这一屏。"""
    form = OpinionForm(request.POST, demanded=answers.unhappy)
    if form.is_valid():
        return _ask(request, visit, answers, answers.next())
    return _ask(request, visit, answers, rating.OPINION, form)


def _submit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """核对后的提交：一次事务里记下评价、用掉链接；重复的看第一次的回执。"""
    form = RatingForm(request.POST)
    outcome = submit(request, form, lambda data: _record(request, visit, data))
    if outcome.ok:
        return outcome.redirect(visit.receipt)
    visit.delivery.refresh_from_db()
    if Evaluation.objects.filter(delivery=visit.delivery).exists():
        return redirect(visit.receipt)
    answers = rating.Answers.of(request.POST)
    sentence = " ".join(form.non_field_errors())
    if sentence:
        return _stopped(request, sentence, outcome.status, visit.delivery)
    step = answers.next()
    return _opinion(request, visit, answers) if step == rating.OPINION else _ask(request, visit, answers, step)


def _record(request: HttpRequest, visit: Visit, data: dict) -> str:
    """先锁件，再用掉链接，再记评价：不满意会启动下一轮，下一轮会作废没有用掉的链接。"""
    unhappy = data["overall"] == "dissatisfied"
    evaluating.locked(visit.delivery)
    if visit.link is not None:
        links.use(visit.link)
    evaluating.record_evaluation(
        visit.delivery, attitude=data["attitude"], outcome=data["outcome"], overall=data["overall"],
        reasons=data["reasons"] if unhappy else (), opinion=data["opinion"],
        agrees_to_publish=PUBLISH[request.POST["do"]], actor=visit.delivery.deputy.account, today=clock.today(),
    )
    return visit.receipt


# ── 回执 ──
def _receipt(request: HttpRequest, visit: Visit) -> HttpResponse:
    delivery = visit.delivery
    evaluation = Evaluation.objects.get(delivery=delivery)
    form, status = PressureForm(request.POST if "note" in request.POST else None), 200
    if form.is_bound:
        outcome = submit(request, form, lambda data: _report(visit, evaluation, data))
        if outcome.ok:
            return outcome.redirect(visit.receipt)
        status = outcome.status
    return render_page(request, "handlers/my/receipt.html", None, {
        "visit": visit, "evaluation": evaluation, "delivery": delivery, "case": delivery.suggestion,
        "unit": delivery.reply.assignment.unit_name, "form": form,
        "following": rating.following(evaluation, delivery.reply.assignment),
    }, status=status)


def _report(visit: Visit, evaluation: Evaluation, data: dict) -> str:
    evaluating.report_pressure(
        evaluation, note=data["note"], deputy=visit.delivery.deputy, actor=visit.delivery.deputy.account,
        today=clock.today(),
    )
    return visit.receipt

