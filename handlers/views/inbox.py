"""单位收件箱：久不登录的人打开就看三件事；成批签收；导出台账。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.audit.models import AuditEvent
from lianluo.congresses.models import current_session
from lianluo.documents.downloads import bytes_response
from lianluo.documents.workbooks import XLSX_TYPE
from lianluo.text.numbers import int_of, ints_of
from lianluo.web.paging import paginate
from lianluo.web.render import redirect_to, render_page
from lianluo.workdays import clock
from suggestions.access import sees_all_private

from .. import access, desk, exporting
from ..actions import receiving
from ..approvals import STEP_OF_DUTY
from ..filters import AssignmentFilter
from ..models import Assignment, CampaignTag, Division, Post, Reply
from ..reply_lists import mine_to_decide
from .board import submit_or_raise

UNIT_ROLES = (Role.UNIT_HEAD, Role.UNIT_LEADER, Role.UNIT_OFFICE, Role.DEPT_HEAD, Role.HANDLER)
READERS = (Role.NPC_OFFICE, Role.GOV_OFFICE, *UNIT_ROLES)
#: 从标签、责任矩阵点过来的条件
NARROW = ("tag", "leader", "division")
KEPT = ("tab", "q", "role", "unit", "session", "due_before", *NARROW, "page", "size")


@require_GET
@roles_required(*READERS)
def inbox(request):
    """收件箱。办公室看全部单位的，默认本次会议。"""
    today, user = clock.today(), request.user
    params = _params(request.GET, user)
    own = desk.own_assignments(user)
    scope = AssignmentFilter({"session": params.get("session", "")}, queryset=own).qs
    numbers = desk.counts(scope)
    found = AssignmentFilter(params, queryset=own)
    page = paginate(request, desk.listed(found.qs), count=_known(params, numbers))
    context = {
        "filter": found, "page": page, "rows": desk.to_rows(list(page), user, today), "cards": _cards(user, numbers),
        "tabs": _tabs(params["tab"], numbers), "units": access.units_of(user), "office": not access.units_of(user),
        "may_accept": _may_accept(user), "query": _kept(params), "tab": params["tab"],
        "last_sign_in": _last_sign_in(user), "narrowed": _narrowed(params),
        "campaigns": CampaignTag.objects.filter(unit__in=access.units_of(user)) if access.units_of(user) else (),
        "chosen": _chosen(params, user), "kept": [(name, params[name]) for name in NARROW if params.get(name)],
    }
    return render_page(request, "handlers/inbox/inbox.html", "handlers/inbox/_assignments.html", context)


def _params(given: QueryDict, user) -> QueryDict:
    """没选栏目的看要办的；办公室没选届次时看本次会议。"""
    params = given.copy()
    if params.get("tab") not in desk.conditions():
        params["tab"] = desk.FIRST_TAB
    if not access.units_of(user) and not params.get("session"):
        session = current_session()
        params["session"] = session.code if session else ""
    return params


def _narrowed(params) -> bool:
    """除了栏目和届次，还加了别的条件。"""
    return any(params.get(name) for name in ("q", "role", "unit", "due_before", *NARROW))


def _known(params, numbers: dict[str, int]) -> int | None:
    """只看一栏、没有别的条件时，总数就是栏上的数。"""
    return None if _narrowed(params) else numbers[params["tab"]]


def _chosen(params, user) -> list[str]:
    """从标签、责任矩阵点过来的，只看哪些，说清楚。"""
    units, said = access.units_of(user), []
    names = (("tag", CampaignTag, ""), ("leader", Post, "还没有定领导"), ("division", Division, "还没有分派"))
    for name, model, nobody in names:
        key = int_of(params.get(name))
        if key is None:
            continue
        found = model.objects.filter(unit__in=units, pk=key).values_list("name", flat=True).first()
        said += [found] if found else [nobody] if nobody and key == 0 else []
    return said


def _tabs(now: str, numbers: dict[str, int]) -> list[dict]:
    """空着的栏不列，省得在一排零里找；头尾两栏和正看的一栏总在。"""
    return [
        {"code": code, "label": label, "number": numbers[code]}
        for code, (label, _) in desk.tab_conditions().items()
        if numbers[code] or code in (desk.FIRST_TAB, "all", now)
    ]


#: 各张卡片的颜色
TONES = {"pending": "orange", "answer": "yellow", "back": "red", "mine": "orange"}
NOTES = {"back": "答复退回修改、会办意见重提、退回未获同意"}


def _cards(user, numbers: dict[str, int]) -> list[dict]:
    """打开就看的事。处室的人不签收；要审签的人先看有没有等着自己的。"""
    duties = {post.duty for post in access.posts_of(user)}
    found = []
    if duties & set(STEP_OF_DUTY):
        waiting = mine_to_decide(Reply.objects.all(), user).distinct().count()
        found.append(("mine", "待我审签", waiting, f"{reverse('handlers:replies')}?tab=mine"))
    for code, (label, _) in desk.card_conditions().items():
        if code != "pending" or not duties or _may_accept(user):
            found.append((code, label, numbers[code], f"?tab={code}"))
    return [
        {"code": code, "label": label, "number": number, "url": url, "tone": TONES[code], "note": NOTES.get(code, "")}
        for code, label, number, url in found
    ]


def _last_sign_in(user):
    """上一次登录（这一次之前的）：久不登录的人据此知道漏看了多久。"""
    if not access.units_of(user):
        return None
    found = AuditEvent.objects.about(user).filter(event="account.signed_in").order_by("-id")
    return next(iter(found.values_list("at", flat=True)[1:2]), None)


def _may_accept(user) -> bool:
    return any(access.may_in_unit(user, unit.pk, "accept") for unit in access.units_of(user))


def _kept(params) -> str:
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if params.get(name):
            kept[name] = params[name]
    return kept.urlencode()


def _back(request) -> str:
    query = _kept(QueryDict(request.POST.get("query", "")[:500]))
    return reverse("handlers:inbox") + (f"?{query}" if query else "")


@require_POST
@roles_required(*UNIT_ROLES)
def accept(request):
    """签收：勾选的、选中全部的，或一件的按钮。"""
    rows = _ticked(request)
    if not rows:
        messages.warning(request, "先勾选要签收的件")
        return redirect_to(request, _back(request))
    for row in rows:
        if not access.may_in_unit(request.user, row.unit_id, "accept"):
            raise PermissionDenied("签收由单位联络员或单位领导办理")
    outcome = submit_or_raise(request, lambda data: receiving.accept_many(
        rows, actor=request.user, today=clock.today()
    ))
    if not outcome.repeated:
        messages.success(request, _accepted_sentence(outcome.result))
    return redirect_to(request, _after_accept(request, rows))


def _after_accept(request, rows: list[Assignment]) -> str:
    """从件页来的回件页；都签完了接着看待分派的，没签完的回原处。"""
    if request.POST.get("back") == "case" and len(rows) == 1:
        return f"{rows[0].suggestion.get_absolute_url()}handling/"
    if not desk.own_assignments(request.user).pending().exists():
        return f"{reverse('handlers:inbox')}?tab=allot"
    return _back(request)


def _ticked(request) -> list[Assignment]:
    own = desk.own_assignments(request.user)
    if request.POST.get("all") == "1":
        params = QueryDict(request.POST.get("query", "")[:500])
        rows = AssignmentFilter(params, queryset=own).qs.pending()
    else:
        rows = own.filter(pk__in=ints_of(request.POST.getlist("pk")))
    return list(rows.select_related("suggestion__session", "unit")[:500])


def _accepted_sentence(rows: list[Assignment]) -> str:
    """签收了几件，退回到哪天为止。"""
    windows = [receiving.return_window(row, clock.today()) for row in rows[:50]]
    days = sorted({window.until for window in windows if window.until and window.is_open})
    which = rows[0].suggestion.shown_number if len(rows) == 1 else f" {len(rows)} 件"
    said = f"已签收{which}，接着分派处室"
    return f"{said}；认为不属于本单位职责的，可以申请退回，截至 {days[0]}" if days else said


@require_GET
@roles_required(*READERS)
def export(request):
    """导出台账：屏上筛出什么就导出什么。"""
    params = _params(request.GET, request.user)
    rows = desk.listed(AssignmentFilter(params, queryset=desk.own_assignments(request.user)).qs)
    filename = f"{exporting.TITLE}-{clock.today()}.xlsx"
    content = exporting.ledger_workbook(rows, filename, private=_sees_phones(request.user))
    return bytes_response(content, XLSX_TYPE, filename)


def _sees_phones(user) -> bool:
    """代表的电话给办这些件的单位和人大办理人员，不给旁的办公室。"""
    return sees_all_private(user) or bool(access.units_of(user))
