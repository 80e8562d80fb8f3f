"""工作台：各角色登录后的第一页。

办公室看今天须办的事；专委会、主任会议看全局；代表团工作人员看本团的件；管理员看系统运行。
厅领导看待部署、待协调、待把关；单位其余的人去收件箱，代表去代表页，其余的人看得到自己能去的地方。
"""
from __future__ import annotations

import math

from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from handlers.access import ROLE_OF_DUTY, posts_of
from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.accounts.roles import ADMINISTRATORS, Role
from lianluo.audit.remembering import remembered
from lianluo.congresses.models import current_session
from lianluo.operations import overview
from lianluo.operations.beat import stalled_sentence
from lianluo.text.numbers import int_of
from lianluo.web.paging import Page
from lianluo.web.render import render_page
from lianluo.workdays import calendar, clock
from supervision import timeline
from supervision.workbench import duties, figures, leading, phases, teams, watching

OFFICES = (Role.NPC_OFFICE, Role.GOV_OFFICE, Role.SECRETARIAT)
WATCHERS = (Role.NPC_COMMITTEE, Role.CHAIR_MEETING)
#: 工作台上直接列出几件，其余在“全部须办”里
SHOWN, SIZE = 12, 50


@require_safe
@signed_in
def home(request):
    """按角色去该去的地方；一人多角色的，先看办公室的。"""
    user = request.user
    if user.has_role(*OFFICES):
        return office(request)
    duties_held = {post.duty for post in posts_of(user)}
    if duties_held & set(leading.LEADERS):
        return leader(request)
    if duties_held & set(ROLE_OF_DUTY):
        return redirect("handlers:inbox")
    if duties_held:
        return redirect("handlers:bureau_tasks")
    if user.has_role(Role.DEPUTY):
        return redirect("deputy:home")
    pages = ((WATCHERS, watchers), (ADMINISTRATORS, administrators), ((Role.DELEGATION_STAFF,), delegation))
    page = next((view for roles, view in pages if user.has_role(*roles)), plain)
    return page(request)


def leader(request):
    """厅领导：待部署、待协调、待把关三列；数点开是同一个条件的列表。"""
    today = clock.today()
    columns = leading.columns(request.user, today)
    context = {"today": today, "columns": columns, "total": sum(column.total for column in columns),
               "units": leading.units(request.user)}
    return render_page(request, "home/leader.html", None, context)


def office(request):
    """办公室工作台：时期、四个数、今天的事、本年进度、未签收单位、最近动态。"""
    user, today = request.user, clock.today()
    found = remembered(("home.office", user.pk, today), lambda: _office(user, today))
    return render_page(request, "home/office.html", None, {**_frame(today), **found})


def _office(user, today) -> dict:
    """办公室工作台上由办理情况得出的各样；都是通盘数的，没有新的留痕就不重数。"""
    mine = duties.duties_of(user)
    counts = duties.counts(user, mine)
    shown = duties.todos(user, mine, today=today, stop=SHOWN)
    watches = user.has_role(Role.NPC_OFFICE, Role.GOV_OFFICE)
    return {
        "cards": _cards(user, mine, counts, today), "todos": shown, "total": sum(counts.values()),
        "chips": [(duty, counts[duty.code]) for duty in mine if counts[duty.code]],
        "nearest": figures.nearest_due(user, today) if not shown else "",
        "unaccepted": figures.unaccepted(user), "events": timeline.recent(user),
        "watches_ledger": watches, "pressing": watching.pressing(user, today) if watches else [],
        "takes_in": user.has_role(Role.NPC_OFFICE, Role.SECRETARIAT),
    }


def _frame(today) -> dict:
    """各工作台共有的：会议、时期、进度、任务有没有停。"""
    found = remembered(("home.session", today), lambda: _session(today))
    return {"today": today, "stalled": stalled_sentence(clock.now()), **found}


def _session(today) -> dict:
    """本次会议走到哪个时期、办了多少。"""
    session, now = current_session(), calendar.current()
    found = phases.phases(session, phases.handed_on(session, now), now) if session else []
    return {
        "session": session, "phases": [(phase, phase.state(today)) for phase in found],
        "phase": phases.current(found, today), "progress": figures.progress(session) if session else [],
    }


def _cards(user, mine, counts: dict[str, int], today) -> list[figures.Card]:
    """四个数：今日须办、逾期、将到期、待我审核。秘书处没有督办的事，看收件。"""
    todo = figures.Card(sum(counts.values()), "今日须办", "/home/todo/")
    if not user.has_role(Role.NPC_OFFICE, Role.GOV_OFFICE):
        return [todo, *teams.intake_cards(user, today)]
    approving = sum(counts[duty.code] for duty in mine if duty.approves)
    return [todo, *figures.pressing_cards(user, today), figures.Card(approving, "待我审核", "/home/todo/?kind=approve")]


@require_safe
@roles_required(*OFFICES)
def todo(request):
    """全部须办：一类或全部，先到期的在上。"""
    user, today = request.user, clock.today()
    mine = duties.duties_of(user)
    counts = duties.counts(user, mine)
    chosen = _chosen(request.GET, mine)
    total = sum(counts[duty.code] for duty in chosen)
    page = _page(request, user, chosen, total, today)
    context = {
        "page": page, "total": sum(counts.values()), "chosen": chosen[0] if len(chosen) == 1 else None,
        "tabs": [(duty, counts[duty.code]) for duty in mine], "approving": request.GET.get("kind") == "approve",
        "approve_total": sum(counts[duty.code] for duty in mine if duty.approves),
    }
    return render_page(request, "home/todo.html", "home/_todo_table.html", context)


def _page(request, user, chosen, total: int, today) -> Page:
    """合起来的表不能再筛再数，所以自己切一页。"""
    number = max(int_of(request.GET.get("page")) or 1, 1)
    number = min(number, max(1, math.ceil(total / SIZE)))
    start = (number - 1) * SIZE
    rows = duties.todos(user, chosen, today=today, start=start, stop=start + SIZE)
    return Page(rows, number, SIZE, total, start + len(rows) < total)


def _chosen(params, mine):
    """地址里选的一类；只看待审核的；不写就是全部。"""
    code = params.get("duty", "")
    if code and code not in {duty.code for duty in mine}:
        raise Http404("没有这一类须办的事")
    if code:
        return [duty for duty in mine if duty.code == code]
    return [duty for duty in mine if duty.approves or params.get("kind") != "approve"]


def watchers(request):
    """专门委员会、主任会议：办得怎样、哪里卡住。只看，不办。"""
    user, today = request.user, clock.today()
    found = remembered(
        ("home.watchers", user.pk, today),
        lambda: {"cards": watching.cards(user, today), "lists": watching.lists(user, today)},
    )
    return render_page(request, "home/watchers.html", None, {**_frame(today), **found})


def delegation(request):
    """代表团工作人员：本团的件到哪一步，哪些要修改。"""
    user, today = request.user, clock.today()
    context = {**_frame(today), "cards": teams.delegation_cards(user), "returned": teams.returned(user),
               "latest": teams.latest(user), "teams": list(user.delegations.all())}
    return render_page(request, "home/delegation.html", None, context)


def administrators(request):
    """三员：系统运行得怎样，去哪里管。不看业务内容。"""
    now = clock.now()
    context = {"cards": overview.cards(request.user, now), "rows": overview.beat_rows(request.user, now)}
    return render_page(request, "home/administrators.html", None, context)


def plain(request):
    """其余角色：能去的地方。"""
    return render_page(request, "home/plain.html", None, {})
