"""办结与恢复：承办关系随评价办结，件随主条目销号办结。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.statemachine import move
from lianluo.workdays.models import RuleCode
from suggestions import lifecycle as case_lifecycle
from suggestions.locking import lock_case
from suggestions.models import Suggestion

from .. import deadlines, lifecycle
from ..models import Assignment

#: 办结即不再要求的时限；公开的时限照走
ENDED_BY_CONCLUSION = (
    RuleCode.RETURN, RuleCode.FIRST_CONTACT, RuleCode.FEEDBACK, RuleCode.COHANDLE, RuleCode.COHANDLE_AGAIN,
)


@transaction.atomic
def conclude_assignment(assignment: Assignment, *, reason: str = "", actor, today: date) -> Assignment:
    """承办关系办结：代表评价满意或基本满意，或者反馈期满催过两次仍未反馈（重庆条例第二十九条）。"""
    lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("suggestion").get(pk=assignment.pk)
    deadlines.close_dues(assignment, "办结", today, codes=ENDED_BY_CONCLUSION)
    move(assignment, lifecycle.CONCLUDE, actor=actor, reason=reason, fields={"concluded_on": today})
    if assignment.answers_deputy:
        _conclude_helpers(assignment, actor, today)
    return assignment


def _conclude_helpers(assignment: Assignment, actor, today: date) -> None:
    """答复代表的单位都办结了，已送出意见的会办关系随之办结；还欠着意见的不动。"""
    live = Assignment.objects.live().filter(suggestion_id=assignment.suggestion_id)
    if live.answering().exclude(status="concluded").exists():
        return
    for helper in live.assisting().filter(status="answered"):
        conclude_assignment(helper, reason="主办已办结", actor=actor, today=today)


@transaction.atomic
def conclude_case(suggestion: Suggestion, *, actor, today: date) -> Suggestion:
    """件办结：与主条目销号同一事务（办结一件、销号一件）。尚未办结的会办关系一并办结。"""
    case = lock_case(suggestion.pk)
    for rows in (case.assignments.answering(), case.assignments.assisting()):
        for assignment in rows.filter(status="answered"):
            conclude_assignment(assignment, reason="件已办结", actor=actor, today=today)
    move(case, case_lifecycle.CONCLUDE, actor=actor, fields={"concluded_on": today, "due_on": None})
    return case


@transaction.atomic
def reopen_case(suggestion: Suggestion, *, reason: str, actor, today: date) -> Suggestion:
    """恢复办理：销号有误时，件与已办结的承办关系回到已答复，由办公室决定是否再办理。"""
    case = lock_case(suggestion.pk)
    move(case, case_lifecycle.REOPEN, actor=actor, reason=reason, fields={"concluded_on": None})
    for assignment in case.assignments.live().filter(status="concluded", answered_on__isnull=False):
        move(assignment, lifecycle.REOPEN, actor=actor, reason=reason, fields={"concluded_on": None})
    return case
