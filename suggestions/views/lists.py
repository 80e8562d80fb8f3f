"""全部建议：筛选、页签、条件、排序、选列、导出、打印。各种角色同一页，只看各自看得见的。"""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.audit.remembering import remembered
from lianluo.congresses.models import Session
from lianluo.documents import workbooks
from lianluo.documents.downloads import bytes_response
from lianluo.web.paging import UNCOUNTED, Page, paginate
from lianluo.web.render import render_page
from lianluo.workdays import clock

from .. import access, exporting, listing, options, searching
from ..filters import ALL, NEWEST, SuggestionFilter, ordered
from ..models import Suggestion
from ..options import Options

READERS = (
    Role.NPC_OFFICE, Role.GOV_OFFICE, Role.SECRETARIAT, Role.DELEGATION_STAFF, Role.NPC_COMMITTEE, Role.CHAIR_MEETING,
    Role.UNIT_HEAD, Role.UNIT_LEADER, Role.UNIT_OFFICE, Role.DEPT_HEAD, Role.HANDLER, Role.LEAD_OFFICIAL, Role.ASSESSOR,
)
PRINTED = 1000
#: 收在“更多条件”里的
MORE = {"kind", "raised_during", "region", "number", "submitted_after", "submitted_before", "overdue"}
#: 地址里的筛选条件（届次另行落实）
CONDITIONS = tuple(name for name in SuggestionFilter.base_filters if name != "session")
#: 筛选以外的参数，换页签时留下
KEPT = ("sort", "cols", "size")


@dataclass
class Query:
    """一次列表请求：哪次会议、看得见的件、筛选（没有条件就不必建筛选表单）。"""

    request: HttpRequest
    options: Options
    session: str
    session_id: int | None
    filter: SuggestionFilter | None
    today: date

    @property
    def base(self):
        """这次会议里看得见的件，不带其他筛选。"""
        scope = access.listed(self.request.user)
        if self.session == ALL:
            return scope
        return scope.filter(session=self.session_id) if self.session_id else scope.none()

    @property
    def found(self):
        rows = self.filter.qs if self.filter else self.base
        return ordered(rows, self.request.GET.get("sort", NEWEST))

    @property
    def counts(self) -> dict[str, int]:
        """这次会议里各状态与逾期的件数；看全部届次时不数。"""
        if self.session == ALL:
            return {}
        key = ("suggestions.counts", self.request.user.pk, self.session_id, self.today)
        return remembered(key, lambda: listing.status_counts(self.base, self.today))

    @property
    def active(self) -> dict:
        """真正起作用的条件（届次除外）。"""
        cleaned = self.filter.form.cleaned_data if self.filter else {}
        return {name: value for name, value in cleaned.items() if not _is_blank(value)}

    @property
    def errors(self) -> bool:
        return bool(self.filter and self.filter.form.errors)


def _is_blank(value) -> bool:
    return value is None or value is False or value == "" or value == []


def read_query(request: HttpRequest) -> Query:
    """没写届次的，就是正在办理的那次会议。届次在这里落实，其余条件交给筛选。"""
    found = options.load()
    session = request.GET.get("session") or (found.sessions[0][1] if found.sessions else ALL)
    query = Query(request, found, session, found.session_id(session), None, clock.today())
    data = {name: values for name, values in request.GET.lists() if name in CONDITIONS and any(values)}
    if data:
        given = QueryDict(mutable=True)
        for name, values in data.items():
            given.setlist(name, values)
        query.filter = SuggestionFilter(given, query.base, request=request)
        query.filter.form.is_valid()
    return query


@require_GET
@roles_required(*READERS)
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """列表页；htmx 请求只换表格那一块。"""
    query = read_query(request)
    columns = listing.all_columns(query.today)
    shown = listing.chosen(columns, request.GET.getlist("cols"))
    counts = query.counts
    page, total = _page(query, counts)
    rows = list(page)
    listing.add_names(rows, query.options)
    listing.add_extras(rows, shown)
    return render_page(request, "suggestions/list.html", "suggestions/_suggestion_table.html", {
        "page": page, "total": total, "rows": listing.rows_html(rows, shown), "columns": shown,
        "all_columns": columns, "shown_keys": {column.key for column in shown}, "query": query,
        "filter_form": query.filter.form if query.filter else None,
        "selects": options.selects(query.options, request.GET, query.session, ALL),
        "statuses": request.GET.getlist("status"), "tabs": _tabs(query, counts), "chips": _chips(query),
        "session_name": _session_name(query), "all_sessions": ALL, "searched": searching.SEARCHED,
        "may_enter": access.may(request.user, "intake"), "chosen_columns": request.GET.getlist("cols"),
        "kept_params": [
            (name, value) for name, values in request.GET.lists() if name not in ("cols", "page") for value in values
        ],
        "more_open": bool(set(query.active) & MORE),
    })


def _session_name(query: Query) -> str:
    return next((name for pk, _, name in query.options.sessions if pk == query.session_id), "全部届次")


def _page(query: Query, counts: dict[str, int]) -> tuple[Page, str]:
    """这一页的行，和“共几件”。总数尽量取自页签的汇总；一页装得下的不必另数，否则至多数五千。"""
    rows = query.found.values(*listing.FIELDS)
    total = _known_total(query, counts)
    if total is None and "page" in query.request.GET:
        total = _counted(query)
    many = total is None or total > listing.MOST_COUNTED
    page = paginate(query.request, rows, count=UNCOUNTED if many else total)
    if total is None:
        total = _counted(query) if page.has_next else len(page)
        page = replace(page, total=total if total <= listing.MOST_COUNTED else None)
    return page, _in_words(total)


def _counted(query: Query) -> int:
    """筛选出来多少件，至多数到五千；翻页时不再数。"""
    asked = tuple((name, tuple(values)) for name, values in query.request.GET.lists() if name in CONDITIONS)
    key = ("suggestions.found", query.request.user.pk, query.session, asked, query.today)
    return remembered(key, lambda: listing.capped_count(query.found))


def _in_words(total: int) -> str:
    """共几件；超过五千写 5000+。"""
    return f"{listing.MOST_COUNTED}+" if total > listing.MOST_COUNTED else f"{total:,}"


def _known_total(query: Query, counts: dict[str, int]) -> int | None:
    """只按状态筛选时，汇总里已经有数。"""
    if query.session == ALL or query.errors or set(query.active) - {"status"}:
        return None
    statuses = query.active.get("status")
    wanted = statuses or [key for key in counts if key != "overdue"]
    return sum(counts.get(status, 0) for status in wanted)


def _tabs(query: Query, counts: dict[str, int]) -> list[dict]:
    """页签：存好的筛选，连同件数；其他条件放下。"""
    get = query.request.GET
    kept = [(name, value) for name in ("session", *KEPT) for value in get.getlist(name)]
    now = {name: get.getlist(name) for name in CONDITIONS if any(get.getlist(name))}
    tabs = []
    for tab in listing.TABS:
        wanted: dict[str, list[str]] = {}
        for name, value in tab.params:
            wanted.setdefault(name, []).append(value)
        tabs.append({
            "label": tab.label, "url": "?" + urlencode([*kept, *tab.params]), "current": now == wanted,
            "count": f"{listing.count_of(tab, counts):,}" if query.session != ALL else "",
        })
    return tabs


def _chips(query: Query) -> list[dict]:
    """正在起作用的条件，各带一个去掉它的链接。"""
    chips = []
    for name, value in query.active.items():
        label = query.filter.form.fields[name].label
        for one in value if isinstance(value, list) else [value]:
            shown = _shown(query, name, one)
            chips.append({"label": f"{label}：{shown}", "url": _without(query.request.GET, name, one)})
    return chips


def _shown(query: Query, name: str, value) -> str:
    if value is True:
        return "是"
    choices = getattr(query.filter.form.fields[name], "choices", None)
    plain = isinstance(value, str) and choices is not None
    return dict(choices).get(value, value) if plain else str(value)


def _without(params: QueryDict, name: str, value) -> str:
    """去掉一个条件之后的查询串；多值的只去掉这一个。"""
    left = params.copy()
    left.pop("page", None)
    values = [one for one in left.getlist(name) if one != str(value)]
    if len(values) == len(left.getlist(name)):
        values = []
    left.setlist(name, values)
    return f"?{left.urlencode()}"


@require_GET
@roles_required(*READERS)
def export(request: HttpRequest) -> HttpResponse:
    """导出的就是筛选出来的那些，列与导入模板一致，改过可以再导入。"""
    query = read_query(request)
    private = access.sees_all_private(request.user)
    rows = exporting.rows(query.found, private=private)
    name = f"建议列表{query.today:%Y%m%d}.xlsx"
    content = workbooks.write_workbook("建议列表", exporting.columns(), rows, notes=exporting.NOTES, filename=name)
    return bytes_response(content, workbooks.XLSX_TYPE, name)


@require_GET
@roles_required(*READERS)
def print_list(request: HttpRequest) -> HttpResponse:
    """打印筛选出来的列表，至多一千件。"""
    query = read_query(request)
    columns = listing.all_columns(query.today)
    shown = listing.for_paper(listing.chosen(columns, request.GET.getlist("cols")))
    rows = list(query.found.values(*listing.FIELDS)[: PRINTED + 1])
    more, rows = len(rows) > PRINTED, rows[:PRINTED]
    listing.add_names(rows, query.options)
    listing.add_extras(rows, shown)
    return render_page(request, "suggestions/list_print.html", None, {
        "rows": listing.rows_html(rows, shown), "columns": shown, "count": len(rows), "more": more,
        "session_name": _session_name(query), "chips": _chips(query), "today": query.today,
    })


@require_GET
@roles_required(*READERS)
def search(request: HttpRequest) -> HttpResponse:
    """顶栏的查找：写的是编号就直接开那一件，否则到列表里找。"""
    text = request.GET.get("q", "").strip()[:60]
    case = _by_number(request, text)
    if case is not None:
        return redirect(case.get_absolute_url())
    return redirect(f"{reverse('suggestions:list')}?{urlencode({'words': text})}")


def _by_number(request: HttpRequest, text: str) -> Suggestion | None:
    """本次会议里编号正好是它的那一件；不止一件时不猜。"""
    wanted = searching.number_of(text)
    if wanted is None:
        return None
    current = Session.objects.order_by("-is_current", "-opened_on").first()
    found = list(
        Suggestion.objects.visible_to(request.user).filter(wanted, session=current).select_related("session")[:2]
    )
    return found[0] if len(found) == 1 else None
