"""相近件：并排看、并案、解除并案、编组、判为不相近。"""
from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.text import similarity
from lianluo.text.numbers import int_of
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import access, similar
from ..actions import grouping
from ..forms.review import GroupForm, MergeForm, ReasonForm
from ..models import Suggestion, SuggestionGroup
from .pressing import posted, press

GROUPERS = access.CAPABILITIES["group"]
MOST_SIMILAR = 10


@require_GET
@roles_required(*access.CAPABILITIES["review"])
def similar_cases(request: HttpRequest, pk: int) -> HttpResponse:
    """一件的相近件，两边全文并排，共有的原句标出；?with= 指定比较哪一件。"""
    case = access.access_suggestion(request.user, pk, for_="review")
    items = similar.similar_to(case, within=Suggestion.objects.visible_to(request.user), most=MOST_SIMILAR)
    chosen = _chosen(request, case, items)
    return render_page(request, "suggestions/similar.html", None, {
        "case": case, "items": items, "chosen": chosen,
        "requests": list(case.requests.all()),
        "marked_body": similar.mark_phrases(case.body, chosen.phrases if chosen else []),
        "other_requests": list(chosen.suggestion.requests.all()) if chosen else [],
        "may_group": access.may(request.user, "group"),
    })


def _chosen(request: HttpRequest, case: Suggestion, items: list[similar.SimilarItem]) -> similar.SimilarItem | None:
    """要比较的那一件：地址里写明的，否则最相近的。"""
    wanted = int_of(request.GET.get("with"))
    if wanted is None:
        return items[0] if items else None
    listed = next((item for item in items if item.suggestion.pk == wanted), None)
    if listed:
        return listed
    other = access.access_suggestion(request.user, wanted)
    score = max(
        similarity.title_similarity(case.title, other.title), similarity.body_similarity(case.body, other.body)
    )
    return similar.SimilarItem(other, score, similar.shared(case.body, other.body))


@require_http_methods(["GET", "POST"])
@roles_required(*GROUPERS)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """并案：主件与理由；并案只是一并办理，各自答复。"""
    case = access.access_suggestion(request.user, pk, for_="group")
    initial = {"into": request.GET.get("into", "")}
    form = MergeForm(posted(request), suggestion=case, initial=initial)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: grouping.merge_suggestions(
            case, into=data["into"], reason=data["reason"], actor=request.user, today=clock.today()
        ))
        if outcome.ok:
            return outcome.redirect(case.get_absolute_url())
        status = outcome.status
    return render_page(request, "suggestions/merge.html", None, {"case": case, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@roles_required(*GROUPERS)
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    """解除并案：写明理由，本件另行交办。"""
    case = access.access_suggestion(request.user, pk, for_="group")
    form = ReasonForm(posted(request))
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: grouping.unmerge(
            case, reason=data["reason"], actor=request.user, today=clock.today()
        ))
        if outcome.ok:
            return outcome.redirect(case.get_absolute_url())
        status = outcome.status
    return render_page(request, "suggestions/unmerge.html", None, {"case": case, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@roles_required(*GROUPERS)
def group_with(request: HttpRequest, pk: int) -> HttpResponse:
    """与另一件编入相近件组。"""
    case = access.access_suggestion(request.user, pk, for_="group")
    initial = {"other": request.GET.get("other", ""), "name": "" if case.group_id else case.title[:60]}
    form = GroupForm(posted(request), suggestion=case, initial=initial)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _group(request, case, data))
        if outcome.ok:
            return outcome.redirect()
        status = outcome.status
    return render_page(request, "suggestions/group_with.html", None, {"case": case, "form": form}, status=status)


def _group(request: HttpRequest, case: Suggestion, data: dict) -> str:
    group = grouping.group_suggestions(
        [case, data["other"]], name=data["name"], actor=request.user, today=clock.today()
    )
    return reverse("suggestions:group", args=[group.pk])


@require_GET
@roles_required(*access.CAPABILITIES["review"])
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """一组相近件，全文并排。"""
    found = get_object_or_404(SuggestionGroup.objects.select_related("session"), pk=pk)
    members = list(
        Suggestion.objects.visible_to(request.user).filter(group=found)
        .select_related("session", "lead_deputy", "delegation", "merged_into").prefetch_related("requests")
        .order_by("number", "pk")
    )
    return render_page(request, "suggestions/group.html", None, {
        "group": found, "members": members, "may_group": access.may(request.user, "group"),
    })


@require_POST
@roles_required(*GROUPERS)
def ungroup(request: HttpRequest, pk: int) -> HttpResponse:
    """移出相近件组。"""
    case = access.access_suggestion(request.user, pk, for_="group")
    back = case.get_absolute_url()
    return press(request, lambda: grouping.ungroup(case, actor=request.user, today=clock.today()), back)


@require_POST
@roles_required(*access.CAPABILITIES["review"])
def not_similar(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """判为不相近，以后不再提示。"""
    one = access.access_suggestion(request.user, pk, for_="review")
    two = access.access_suggestion(request.user, other)
    back = _after_mark(request, one)
    return press(request, lambda: _mark(request, one, two), back, done="已记为不相近，以后不再提示")


def _mark(request: HttpRequest, one: Suggestion, two: Suggestion) -> None:
    grouping.mark_not_similar(one, two, actor=request.user, today=clock.today())


def _after_mark(request: HttpRequest, one: Suggestion) -> str:
    """从审查页来的回审查页，其余回相近页。"""
    name = "review_one" if request.POST.get("back") == "review" else "similar"
    return reverse(f"suggestions:{name}", args=[one.pk])
