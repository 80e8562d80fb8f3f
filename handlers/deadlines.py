"""承办时限：何时开、何时办到、何时关闭，承办关系与件的到期日随之改写。

起算日按规则组写明的基准：交办、收到（即签收）、送达、评价。
每个到期日都存成一行 AssignmentDue，连同规则快照；日后改规则不动旧期限。
"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Min

from lianluo.audit import record
from lianluo.workdays import arithmetic, rules
from lianluo.workdays.arithmetic import Calendar
from lianluo.workdays.calendar import current
from lianluo.workdays.models import Base, RuleCode, RuleProfile
from lianluo.workdays.rules import Due
from suggestions.locking import lock_case
from suggestions.models import Suggestion

from .models import Assignment, AssignmentDue
from .models.assignment import EXTENSION
from .models.meeting import ANSWERING_ROLES

#: 决定到期日的时限：应答复的看答复、再办理、延期，会办的看会办意见
ANSWER_RULES = (RuleCode.REPLY, RuleCode.REHANDLE, EXTENSION)
ASSIST_RULES = (RuleCode.COHANDLE, RuleCode.COHANDLE_AGAIN)
#: 交办或签收时随角色开的时限
OPENED_WITH = {
    True: (RuleCode.RETURN, RuleCode.REPLY, RuleCode.FIRST_CONTACT),
    False: (RuleCode.RETURN, RuleCode.COHANDLE),
}
#: 几个工作日内应签收
ACCEPT_WORKDAYS = 3
AT_ASSIGNMENT = (Base.ASSIGNED,)
AT_ACCEPTANCE = (Base.RECEIVED, Base.ACCEPTED)


class Reckoner:
    """一批交办共用：日历与规则组各取一次，同一规则同一起算日只算一次。"""

    def __init__(self) -> None:
        self.calendar = current()
        self._profiles: dict[str, RuleProfile] = {}
        self._dues: dict[tuple[str, str, date], Due] = {}

    def profile(self, code: str) -> RuleProfile:
        if code not in self._profiles:
            self._profiles[code] = rules.profile_of(code)
        return self._profiles[code]

    def due(self, profile_code: str, rule_code: str, start_on: date) -> Due:
        """按规则组的一条规则算到期日。"""
        key = (profile_code, str(rule_code), start_on)
        if key not in self._dues:
            self._dues[key] = rules.compute(self.profile(profile_code), key[1], start_on, self.calendar)
        return self._dues[key]

    def base(self, profile_code: str, rule_code: str) -> str:
        """这条规则从哪一天起算。"""
        return rules.rule_of(self.profile(profile_code), str(rule_code)).base


def accept_by(assigned_on: date, calendar: Calendar) -> date:
    """应在哪天以前签收。"""
    return arithmetic.add_workdays(assigned_on, ACCEPT_WORKDAYS, calendar)


def governing_codes(role: str) -> tuple[str, ...]:
    """此角色的到期日由哪些时限决定。"""
    return tuple(str(code) for code in (ANSWER_RULES if role in ANSWERING_ROLES else ASSIST_RULES))


def rows_to_open(assignment: Assignment, bases: Iterable[str], start_on: date, reckoner: Reckoner):
    """按角色与起算基准，此刻该开的时限行（未存）。"""
    wanted = set(bases)
    for code in OPENED_WITH[assignment.role in ANSWERING_ROLES]:
        if reckoner.base(assignment.profile_code, code) in wanted:
            due = reckoner.due(assignment.profile_code, code, start_on)
            yield AssignmentDue(assignment=assignment, round=assignment.round, **due.columns())


def open_on_acceptance(assignment: Assignment, start_on: date) -> None:
    """签收时开：以收到、签收为起算日的时限；已经开过的不再开。"""
    known = set(assignment.dues.filter(round=assignment.round).values_list("rule_code", flat=True))
    rows = rows_to_open(assignment, AT_ACCEPTANCE, start_on, Reckoner())
    AssignmentDue.objects.bulk_create(row for row in rows if row.rule_code not in known)
    refresh_due_on(assignment)


def open_due(assignment: Assignment, rule_code: str, start_on: date, *, round: int = 1) -> AssignmentDue:
    """开一条时限，按交办时的规则组计算；同一规则同一轮已在走的不能再开（有约束）。"""
    due = rules.compute(assignment.profile_code, str(rule_code), start_on)
    row = AssignmentDue.objects.create(assignment=assignment, round=round, **due.columns())
    _refresh_if_governing(assignment, [row.rule_code])
    return row


def meet_due(assignment: Assignment, rule_code: str, on: date, *, round: int | None = None) -> int:
    """办到了：在走的这条时限记办到日期；返回行数。"""
    rows = assignment.dues.open().filter(rule_code=str(rule_code))
    if round is not None:
        rows = rows.filter(round=round)
    met = rows.update(met_on=on)
    _refresh_if_governing(assignment, [str(rule_code)])
    return met


def meet_governing(assignment: Assignment, on: date) -> int:
    """答复或送出会办意见：在走的主要时限（含延期后的）办到。"""
    met = assignment.dues.open().filter(rule_code__in=governing_codes(assignment.role)).update(met_on=on)
    refresh_due_on(assignment)
    return met


def close_dues(assignment: Assignment, reason: str, on: date, *, codes: Iterable[str] | None = None) -> int:
    """不再要求：改办、终止、延期换行时关闭在走的时限，原因记入快照。"""
    rows = assignment.dues.open()
    if codes is not None:
        rows = rows.filter(rule_code__in=[str(code) for code in codes])
    closed = list(rows)
    for row in closed:
        row.closed_on, row.snapshot = on, {**row.snapshot, "closed": reason}
    AssignmentDue.objects.bulk_update(closed, ["closed_on", "snapshot"])
    _refresh_if_governing(assignment, [row.rule_code for row in closed])
    return len(closed)


def governing_due(assignment: Assignment) -> AssignmentDue | None:
    """现在管着它的那条时限；已答复或还没有起算则 None。"""
    return assignment.dues.open().filter(rule_code__in=governing_codes(assignment.role)).order_by("due_on").first()


def refresh_due_on(assignment: Assignment) -> None:
    """承办关系的到期日取在走的主要时限（都办到了就保留最后一个），件的到期日取各单位中最早的。

    有变动时记一条 deadline.governing_changed，台账据此跟着变。
    """
    row, old = governing_due(assignment), assignment.due_on
    if row and (old, assignment.provisional) != (row.due_on, row.provisional):
        assignment.due_on, assignment.provisional = row.due_on, row.provisional
        assignment.save(update_fields=["due_on", "provisional"])
    case_moved = refresh_case_due_on(assignment)
    if case_moved or assignment.due_on != old:
        record("deadline.governing_changed", actor=None, target=assignment, old=old, new=assignment.due_on)


def refresh_case_due_on(assignment: Assignment) -> bool:
    """件的到期日：各有效承办关系在走的主要时限中最早的一个，没有则空；返回变了没有。"""
    codes = {str(code) for code in (*ANSWER_RULES, *ASSIST_RULES)}
    rows = AssignmentDue.objects.open().filter(assignment__suggestion=assignment.suggestion_id, rule_code__in=codes)
    earliest = rows.exclude(assignment__status="reassigned").aggregate(due=Min("due_on"))["due"]
    case = assignment.suggestion
    case.due_on = earliest
    return bool(Suggestion.objects.filter(pk=case.pk).exclude(due_on=earliest).update(due_on=earliest))


def counted_from(assignment: Assignment) -> date:
    """法定期限从哪天算起：交办之日；改派后保持原期限的，仍是原交办之日。"""
    rows = assignment.dues.filter(rule_code__in=(RuleCode.REPLY, EXTENSION)).order_by("id")
    first = rows.values_list("start_on", flat=True).first()
    if first is None and assignment.replaces is not None:
        return counted_from(assignment.replaces)
    return first or assignment.assigned_on


def carried_due(old: Assignment, today: date) -> AssignmentDue | None:
    """改派后保持原期限时要移给新单位的那条；已过期或没有在走的移不了。"""
    row = governing_due(old)
    return row if row and row.due_on >= today else None


def carry_over(row: AssignmentDue, new: Assignment) -> AssignmentDue:
    """把原单位的时限照样立在新单位名下：起算日、到期日、快照都不变。"""
    return AssignmentDue.objects.create(
        assignment=new, rule_code=row.rule_code, start_on=row.start_on, due_on=row.due_on, round=row.round,
        snapshot=row.snapshot, provisional=row.provisional,
    )


def lock_of(row: AssignmentDue):
    """日历重算改一行之前：锁住它所属的件。"""
    return lock_case(row.assignment.suggestion_id)


def _refresh_if_governing(assignment: Assignment, codes: Iterable[str]) -> None:
    if set(codes) & set(governing_codes(assignment.role)):
        refresh_due_on(assignment)
