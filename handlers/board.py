"""交办页要的一切：左栏的件与数，中间的原文，右栏的推荐与单位簿。"""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Prefetch, Q
from django.http import HttpRequest, QueryDict

from lianluo.audit.remembering import remembered
from lianluo.congresses.models import Session, current_session, session_by_code
from lianluo.text.numbers import int_of
from lianluo.web.paging import UNCOUNTED, Page, paginate
from suggestions.models import Suggestion

from .filters import BoardFilter, board_states
from .forms.assigning import ChoiceForm
from .models import Assignment, AssignmentMeeting, MeetingStatus, ProposedAssignment
from .recommending import recommended_for
from .unitbook import UnitBook

#: 记在地址里、办完一件还要留着的筛选
KEPT = ("words", "category", "state", "session", "page", "size")
#: 左栏一行要的列；原文只取选中的那一件
LISTED = ("series", "number", "converted_from_bill", "title", "delegation__name", "category__name", "deferral__reason")
STATES = [("", "全部"), ("open", "待拟办"), ("proposed", "已拟办"), ("objected", "有异议"), ("deferred", "缓议")]


@dataclass
class Board:
    """一屏。"""

    session: Session
    filter: BoardFilter
    page: Page
    tabs: list[dict]
    categories: list[tuple[int, str, int]]
    book: UnitBook
    meeting: AssignmentMeeting | None
    query: str
    case: Suggestion | None = None
    proposals: list[ProposedAssignment] = field(default_factory=list)
    next_pk: int | None = None
    form: ChoiceForm | None = None
    wishes: list = None


def session_of(params) -> Session | None:
    """看哪次会议：地址里写的，否则本次。"""
    code = params.get("session", "")
    return session_by_code(code) if code else current_session()


def waiting(session: Session):
    """等待交办的件。"""
    return Suggestion.objects.of_session(session).awaiting_assignment()


def preparing_meeting(session: Session) -> AssignmentMeeting | None:
    """正在筹备的交办会：新拟的件列入它。"""
    return AssignmentMeeting.objects.filter(session=session, status=MeetingStatus.PREPARING).first()


def kept_query(params: QueryDict, **changes) -> str:
    """留下筛选条件的查询串，另加几项。"""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if params.get(name):
            kept[name] = params[name]
    for name, value in changes.items():
        if value:
            kept[name] = str(value)
    return kept.urlencode()


def filtered(params, session: Session) -> BoardFilter:
    """按左栏条件筛。"""
    return BoardFilter(params, queryset=waiting(session))


def open_board(
    request: HttpRequest, today: date, *, pk: int | None = None, form: ChoiceForm | None = None
) -> Board | None:
    """一屏的内容；没有会议则 None。``form`` 是没有通过的提交，照原样显示。"""
    params = request.GET
    session = session_of(params)
    if session is None:
        return None
    found = filtered(params, session)
    counts, categories = remembered(("handlers.board", session.pk), lambda: _counts(session))
    rows = found.qs.select_related("delegation", "category", "deferral").only(*LISTED).order_by("number", "id")
    rows = rows.prefetch_related(Prefetch("proposals", _proposals()))
    page = paginate(request, rows, count=_known(params, counts))
    board = Board(
        session, found, page, _tabs(params, counts), categories, UnitBook(session, today),
        preparing_meeting(session), kept_query(params),
    )
    _select(board, pk or int_of(params.get("s", "")), today, form)
    return board


def _known(params, counts: dict[str, int]) -> int | None:
    """没有查找词与分类时，总数就是栏目上的数，不必再数。"""
    if params.get("words") or params.get("category"):
        return None
    return counts.get(params.get("state", ""), UNCOUNTED)


def _counts(session: Session) -> tuple[dict[str, int], list[tuple[int, str, int]]]:
    """各进度的件数与各分类的件数，一条查询。"""
    conditions = board_states()
    rows = (
        waiting(session).order_by().values("category_id", name=F("category__name"), place=F("category__position"))
        .annotate(number=Count("pk"), **{f"n_{code}": Count("pk", filter=q) for code, q in conditions.items()})
    )
    found = list(rows)
    counts = {code: sum(row[f"n_{code}"] for row in found) for code in conditions}
    counts[""] = sum(row["number"] for row in found)
    named = sorted((row["place"], row["category_id"], row["name"], row["number"]) for row in found if row["name"])
    return counts, [(pk, name, number) for _, pk, name, number in named]


def _tabs(params, counts: dict[str, int]) -> list[dict]:
    now = params.get("state", "")
    return [{"code": code, "label": label, "number": counts[code], "here": code == now} for code, label in STATES]


def _select(board: Board, pk: int | None, today: date, form: ChoiceForm | None) -> None:
    """选中的件：地址里写的，不在本页也取；没写就是第一件。"""
    rows = {row.pk: row for row in board.page}
    case = _whole(board.session, pk or next(iter(rows), None))
    if case is None:
        return
    keys = list(rows)
    after = keys[keys.index(case.pk) + 1:] if case.pk in rows else keys
    board.case, board.next_pk = case, next((key for key in after if key != case.pk), None)
    board.proposals = list(rows[case.pk].proposals.all() if case.pk in rows else _proposals().filter(suggestion=case))
    board.wishes, recommended = recommended_for(case, board.book)
    board.form = form or ChoiceForm(
        book=board.book, recommended=recommended, today=today, proposals=board.proposals
    )


def _whole(session: Session, pk: int | None) -> Suggestion | None:
    """选中的件，连同原文、联名人数。"""
    if pk is None:
        return None
    found = waiting(session).select_related("lead_deputy", "delegation", "category", "deferral")
    joined = Count("cosigners", filter=Q(cosigners__refused_at__isnull=True))
    case = found.annotate(joined=joined).filter(pk=pk).first()
    if case is not None:
        case.session = session
    return case


def _proposals():
    return ProposedAssignment.objects.select_related("unit", "objection_unit")


def just_done(request: HttpRequest) -> dict | None:
    """刚交办的一件：给撤销的机会。"""
    pk = int_of(request.GET.get("done", ""))
    if not pk:
        return None
    case = Suggestion.objects.select_related("session").filter(pk=pk, status="assigned").first()
    if case is None:
        return None
    rows = list(Assignment.objects.live().filter(suggestion=case).select_related("unit"))
    return {"case": case, "assignments": rows, "undoable": all(row.status == "pending" for row in rows)}
