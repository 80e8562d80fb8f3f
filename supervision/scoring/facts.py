"""考核要看的事实：一个单位一年的件，每样一条查询，按牵头处室分好。标准只看这里，不各自查库。"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from handlers.mechanisms import policies, transport
from handlers.models import (
    Activity,
    ActivityCase,
    ActivityKind,
    Allotment,
    AllotmentRole,
    Approval,
    Assignment,
    AssignmentDue,
    Division,
    Duty,
    Evaluation,
    Post,
    Reply,
    Stage,
    Unit,
    Waiver,
)
from lianluo.workdays.models import RuleCode

from ..models import LedgerEntry, LedgerKind, LedgerStatus, ScoreMark, ScoringScheme
from ..statistics import rates

#: 处长亲自撰稿的例外，说明理由、联工委准了的不算在内（CZ-07）
OWN_DRAFTS = "CZ-07"


@dataclass
class CaseFacts:
    """一个承办关系一年里的事实，截至数据截止日。"""

    assignment: Assignment
    allotment: Allotment
    met: rates.Met | None = None
    dues: list[AssignmentDue] = field(default_factory=list)
    contacts: list[Activity] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    sent_back: int = 0
    dissatisfied: list[int] = field(default_factory=list)
    broken_promises: int = 0
    excused: bool = False
    levels: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        return self.assignment.suggestion.shown_number

    @property
    def url(self) -> str:
        return self.assignment.suggestion.get_absolute_url()

    @property
    def answers(self) -> bool:
        return self.assignment.answers_deputy

    @property
    def is_fixed(self) -> bool:
        """五定齐：人员、任务、时间、质量、责任领导。"""
        one = self.assignment
        return all((self.allotment.officer_id, one.task_note, one.inner_due_on, one.quality_goal,
                    one.responsible_leader_id))

    @property
    def delivered(self) -> list[Reply]:
        return [one for one in self.replies if one.delivered_on]

    @property
    def stages(self) -> set[str]:
        return {one.stage for one in self.contacts}

    @property
    def lacking_levels(self) -> list[str]:
        """矩阵要求了而没有沟通过的各级。"""
        return [level for level in self.levels if not transport.reached(level, self.contacts)]

    def late(self, *rules: str, cutoff: date) -> int:
        """这些时限里逾期了几条：办到的看办到那天，还在走的看截止日。"""
        rows = [due for due in self.dues if due.rule_code in rules and due.closed_on is None]
        return sum((due.met_on or cutoff) > due.due_on for due in rows)

    @property
    def days_early(self) -> int:
        """首次答复比期限早几天；没有答复的、会办的是 0。"""
        rows = [due for due in self.dues if due.rule_code == RuleCode.REPLY and due.round == 1 and due.met_on]
        return max(((due.due_on - due.met_on).days for due in rows), default=0) if self.answers else 0

    @property
    def is_led(self) -> bool:
        return any(one.kind == ActivityKind.LED for one in self.contacts)


@dataclass
class RoomFacts:
    """一个处室一年的事实。"""

    division: Division
    cutoff: date
    has_liaison: bool
    heads: set[int]
    cases: list[CaseFacts] = field(default_factory=list)
    marks: dict[str, list[ScoreMark]] = field(default_factory=dict)

    @property
    def answering(self) -> list[CaseFacts]:
        """应答复的：独办、主办、分办。"""
        return [one for one in self.cases if one.answers]

    @property
    def answered(self) -> list[CaseFacts]:
        return [one for one in self.answering if one.delivered]

    @property
    def own_drafts(self) -> list[CaseFacts]:
        """处长亲自撰稿、已经送达的件（CZ-07）。"""
        return [one for one in self.answering if any(reply.written_by_id in self.heads for reply in one.delivered)]

    @property
    def drafts_owed(self) -> int:
        """处长至少亲自撰稿几件：两件，承办不足两件的按件数；准了例外的件不算。"""
        return min(2, sum(not one.excused for one in self.answering))


def gather(unit: Unit, year: int, cutoff: date, scheme: ScoringScheme | None = None) -> list[RoomFacts]:
    """一年的全部事实，按牵头处室；没有承办件的处室不在内。查询条数与件数无关。"""
    rooms, found = _rooms(unit, year, cutoff)
    for fill in (_meet, _time, _talk, _reply, _excuse, _return, _rate, _promise):
        fill(found, cutoff)
    _require(found, unit, cutoff)
    if scheme is not None:
        _mark(rooms, scheme)
    return in_order(rooms)


def gather_drafts(unit: Unit, year: int, cutoff: date) -> list[RoomFacts]:
    """只要处长撰稿那几样（CZ-07）。"""
    rooms, found = _rooms(unit, year, cutoff)
    for fill in (_reply, _excuse):
        fill(found, cutoff)
    return in_order(rooms)


def in_order(rooms: dict[int, RoomFacts]) -> list[RoomFacts]:
    return sorted(rooms.values(), key=lambda room: (room.division.position, room.division.pk))


def _rooms(unit: Unit, year: int, cutoff: date) -> tuple[dict[int, RoomFacts], dict[int, CaseFacts]]:
    """当年交办、已经分派的件，按牵头处室。"""
    rooms: dict[int, RoomFacts] = {}
    found: dict[int, CaseFacts] = {}
    heads, liaisons = _posts(unit, cutoff)
    for one in _allotments(unit, year, cutoff):
        room = rooms.get(one.division_id)
        if room is None:
            room = RoomFacts(one.division, cutoff, one.division_id in liaisons, heads.get(one.division_id, set()))
            rooms[one.division_id] = room
        case = CaseFacts(one.assignment, one)
        room.cases.append(case)
        found[one.assignment_id] = case
    return rooms, found


def _allotments(unit: Unit, year: int, cutoff: date):
    rows = Allotment.objects.filter(
        assignment__unit=unit, role=AllotmentRole.LEAD, assignment__assigned_on__year=year,
        assignment__assigned_on__lte=cutoff,
    ).exclude(assignment__status="reassigned").exclude(assignment__suggestion__status="withdrawn")
    return rows.select_related(
        "division", "assignment__suggestion__session", "assignment__sheet", "assignment__result_class"
    ).order_by("assignment")


def _posts(unit: Unit, day: date) -> tuple[dict[int, set[int]], set[int]]:
    """各处室做过处长的账号（一年里换了人的都算）；截止那天有联络员的处室。"""
    heads: dict[int, set[int]] = defaultdict(set)
    liaisons: set[int] = set()
    rows = Post.objects.filter(unit=unit, duty__in=(Duty.DIVISION_HEAD, Duty.ROOM_LIAISON))
    for post in rows.order_by("pk"):
        if post.duty == Duty.DIVISION_HEAD and post.account_id:
            heads[post.division_id].add(post.account_id)
        elif post.duty == Duty.ROOM_LIAISON and post.valid_from <= day and (not post.valid_to or post.valid_to > day):
            liaisons.add(post.division_id)
    return heads, liaisons


def _meet(found: dict[int, CaseFacts], cutoff: date) -> None:
    for one in rates.facts_of_meeting(Assignment.objects.filter(pk__in=found)):
        found[one.pk].met = one


def _time(found: dict[int, CaseFacts], cutoff: date) -> None:
    for due in AssignmentDue.objects.filter(assignment__in=found).order_by("due_on"):
        if due.met_on and due.met_on > cutoff:
            due.met_on = None
        found[due.assignment_id].dues.append(due)


def _talk(found: dict[int, CaseFacts], cutoff: date) -> None:
    """算数的沟通，连同我方人员。"""
    pairs = list(ActivityCase.objects.standing().filter(
        assignment__in=found, activity__happened_on__lte=cutoff
    ).values_list("assignment", "activity"))
    rows = Activity.objects.filter(pk__in={activity for _, activity in pairs}).prefetch_related("members")
    talks = {one.pk: one for one in rows}
    for assignment, activity in pairs:
        found[assignment].contacts.append(talks[activity])


def _reply(found: dict[int, CaseFacts], cutoff: date) -> None:
    for reply in Reply.objects.current().filter(assignment__in=found).order_by("round"):
        if reply.delivered_on and reply.delivered_on > cutoff:
            reply.delivered_on = None
        found[reply.assignment_id].replies.append(reply)


def _return(found: dict[int, CaseFacts], cutoff: date) -> None:
    """审签退回过几次。"""
    refused = Approval.objects.filter(reply__assignment__in=found, agreed=False, decided_at__date__lte=cutoff)
    for pk in refused.values_list("reply__assignment", flat=True):
        found[pk].sent_back += 1


def _excuse(found: dict[int, CaseFacts], cutoff: date) -> None:
    """处长撰稿准了例外的件。"""
    for pk in Waiver.objects.filter(assignment__in=found, code=OWN_DRAFTS, granted=True).values_list("assignment"):
        found[pk[0]].excused = True


def _rate(found: dict[int, CaseFacts], cutoff: date) -> None:
    rows = Evaluation.objects.of_leads().dissatisfied().filter(
        reply__assignment__in=found, signed_on__lte=cutoff
    ).order_by("round")
    for pk, number in rows.values_list("reply__assignment", "round"):
        found[pk].dissatisfied.append(number)


def _promise(found: dict[int, CaseFacts], cutoff: date) -> None:
    """到期没有兑现的承诺：过了期限还在账，或者过了期限才销号。"""
    rows = LedgerEntry.objects.filter(assignment__in=found, kind=LedgerKind.PROMISE, closed_on__isnull=True)
    for entry in rows.filter(due_on__lt=cutoff):
        kept = entry.signed_off_on if entry.status == LedgerStatus.SIGNED_OFF else None
        found[entry.assignment_id].broken_promises += kept is None or kept > entry.due_on


def _require(found: dict[int, CaseFacts], unit: Unit, cutoff: date) -> None:
    """每件要求哪几级沟通：照单位的矩阵。"""
    changed = policies.active_codes(unit, cutoff).get("JT-02", {}).get("matrix", {})
    matrix = {**transport.MATRIX, **changed}
    for one in found.values():
        sheet = getattr(one.assignment, "sheet", None)
        chosen = one.assignment.result_class
        one.levels = transport.levels_of(matrix, chosen.code if chosen else "", bool(sheet and sheet.is_key))


def _mark(rooms: dict[int, RoomFacts], scheme: ScoringScheme) -> None:
    rows = scheme.marks.filter(withdrawn_reason="").select_related("assignment__suggestion__session")
    for mark in rows:
        if mark.division_id in rooms:
            rooms[mark.division_id].marks.setdefault(mark.kind, []).append(mark)


#: 沟通三阶段
STAGES = set(Stage.values)
