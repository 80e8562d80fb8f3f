"""沟通：办前、办中、办后三个阶段，一次活动可涉及多件、多名代表，每件各记一次。"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import BigIntegerField

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from lianluo.statements import Blank, Statement
from lianluo.workdays.models import RuleCode
from suggestions.actions.attaching import add_attachment
from suggestions.locking import lock_case
from suggestions.models import Deputy, Purpose

from .. import deadlines
from ..access import UNIT_WIDE, duties_in
from ..letter_facts import recipients
from ..mechanisms import gates
from ..mechanisms.base import GUARDS, Door
from ..mechanisms.facts import Case, Visit
from ..models import (
    Activity,
    ActivityCase,
    ActivityDeputy,
    ActivityKind,
    ActivityMember,
    Assignment,
    AssignmentStatus,
    Post,
    Reply,
    Stage,
    Unit,
)

#: 发生超过这么多天才记，标“补录”
BACKFILLED_AFTER = timedelta(days=7)
IN_HAND = (
    AssignmentStatus.ACCEPTED, AssignmentStatus.HANDLING, AssignmentStatus.ANSWERED, AssignmentStatus.CONCLUDED,
)
#: 除必填各项外可记的
DETAILS = (
    "matter", "conclusion", "plan", "subject", "intent", "explained", "agreed_measures", "agreement", "leader",
    "stand_in_reason", "number",
)
CORRECTABLE = (
    "kind", "stage", "happened_on", "place", "content", "deputy_view", "intent", "explained", "agreed_measures",
    "agreement",
)


@transaction.atomic
def log_activity(
    *, unit: Unit, assignments: Sequence[Assignment], kind: str, stage: str, happened_on: date,
    members: Sequence[Post], deputies: Sequence[Deputy], content: str, place: str = "", deputy_view: str = "",
    photos: Iterable = (), actor, today: date, **more,
) -> Activity:
    """记一次沟通。首次沟通的时限随之办到；发生七日后才记的标“补录”。

    ``more`` 是 DETAILS 里的各项：代表意图、解释要点、协商的措施、是否一致、带队人、征求意见的结论等。
    """
    rows = _locked(assignments)
    check_activity(unit, rows, happened_on, members, deputies, content, today)
    _check_visit(rows, kind, more, today)
    activity = Activity.objects.create(
        unit=unit, kind=kind, stage=stage, happened_on=happened_on, place=place.strip(), content=content.strip(),
        deputy_view=deputy_view.strip(), backfilled=happened_on < today - BACKFILLED_AFTER, recorded_by=actor,
        **_details(more),
    )
    _add_people(activity, members, deputies)
    for upload in photos:
        for row in rows:
            add_attachment(
                row.suggestion, upload, purpose=Purpose.CONTACT, about=f"activity:{activity.pk}", actor=actor
            )
    for row in rows:
        _tell(activity, row, deputies, actor)
        deadlines.meet_due(row, RuleCode.FIRST_CONTACT, happened_on)
    return activity


def _details(more: dict) -> dict:
    """沟通记录上另外的各项；文字去掉首尾空白。"""
    unknown = set(more) - set(DETAILS)
    if unknown:
        raise ValueError(f"沟通记录没有这些内容：{sorted(unknown)}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in more.items()}


def _check_visit(rows: Sequence[Assignment], kind: str, more: dict, today: date) -> None:
    """厅领导带队的现场办理：先有审定的方案，由分管领导带队（KJ-05、KJ-07）。"""
    leader = more.get("leader")
    if leader is None and kind != ActivityKind.ON_SITE:
        return
    visit = Visit(leader, more.get("stand_in_reason", ""))
    for row in rows:
        lacking = gates.missing(Case(row, today, visit=visit), Door.VISIT)
        if lacking:
            field = GUARDS[lacking[0].code].field
            raise DomainError(f"{row.suggestion.shown_number} {lacking[0].sentence}", field=field, missing=lacking)


#: 一个承办关系连同它的件与单位
ONE = Statement(
    lambda: Assignment.objects.select_related("suggestion__session", "suggestion__lead_deputy", "unit")
    .filter(pk=Blank("pk", BigIntegerField())).order_by()
)


def _locked(assignments: Sequence[Assignment]) -> list[Assignment]:
    """按主键次序锁住涉及的各件，取最新的承办关系。"""
    if not assignments:
        raise DomainError("选择这次沟通涉及的件", field="assignments")
    for pk in sorted({one.suggestion_id for one in assignments}):
        lock_case(pk)
    return [ONE.first(pk=pk) for pk in sorted({one.pk for one in assignments})]


def check_activity(
    unit: Unit, assignments: Sequence[Assignment], happened_on: date, members: Sequence[Post],
    deputies: Sequence[Deputy], content: str, today: date,
) -> None:
    """件在本单位手里，人是本单位当时的人，代表是这些件的代表。"""
    _check_cases(unit, assignments, happened_on, today)
    if not content.strip():
        raise DomainError("填写沟通内容", field="content")
    if not members:
        raise DomainError("选择本单位参加的人", field="members")
    for post in members:
        if post.unit_id != unit.pk:
            raise DomainError(f"{post.name}不在本单位任职", field="members")
    _check_deputies(assignments, deputies)


def _check_cases(unit: Unit, assignments: Sequence[Assignment], happened_on: date, today: date) -> None:
    for one in assignments:
        if one.unit_id != unit.pk:
            raise Forbidden(f"{one.suggestion.shown_number} 不是交给{unit}的件")
        if one.status not in IN_HAND:
            raise NotAllowed(f"{one.suggestion.shown_number} 现在是“{one.get_status_display()}”，签收以后再记沟通")
        if happened_on < one.assigned_on:
            raise DomainError(f"沟通日期不能早于交办日期 {one.assigned_on}", field="happened_on")
    if happened_on > today:
        raise DomainError("沟通日期不能晚于今天", field="happened_on")


def _check_deputies(assignments: Sequence[Assignment], deputies: Sequence[Deputy]) -> None:
    if not deputies:
        raise DomainError("选择参加的代表", field="deputies")
    allowed = deputies_of(assignments)
    strangers = [str(deputy) for deputy in deputies if deputy.pk not in allowed]
    if strangers:
        raise DomainError(f"{'、'.join(strangers)}不是所选各件的代表", field="deputies")


def deputies_of(assignments: Iterable[Assignment]) -> dict[int, Deputy]:
    """这些件的领衔代表和联名代表（含并入的件）。"""
    return {one.deputy.pk: one.deputy for row in assignments for one in recipients(row.suggestion)}


def _add_people(activity: Activity, members: Sequence[Post], deputies: Sequence[Deputy]) -> None:
    """本单位的人按当时的职务职级冻结成文字。"""
    ActivityMember.objects.bulk_create(
        ActivityMember(
            activity=activity, post=post, name=post.name, title=post.title or post.get_duty_display(),
            duty=post.duty, rank=post.rank,
        )
        for post in dict.fromkeys(members)
    )
    ActivityDeputy.objects.bulk_create(
        ActivityDeputy(activity=activity, deputy=deputy) for deputy in dict.fromkeys(deputies)
    )


def _tell(activity: Activity, assignment: Assignment, deputies: Sequence[Deputy], actor) -> None:
    """每件各留一条痕。"""
    case = ActivityCase.objects.create(activity=activity, assignment=assignment)
    record(
        "activity.logged", actor=actor, target=case, activity=activity.pk, kind=activity.get_kind_display(),
        stage=activity.get_stage_display(), happened_on=activity.happened_on, face_to_face=activity.face_to_face,
        backfilled=activity.backfilled, deputies=[deputy.name for deputy in deputies],
    )


@transaction.atomic
def correct_activity(activity: Activity, *, reason: str, actor, today: date, **changes) -> Activity:
    """更正沟通记录：记录人或本单位办公室可以改，原来的字留在留痕里；参加的人和件不改。"""
    cases = list(activity.cases.select_related("assignment__suggestion").order_by("assignment__suggestion_id"))
    for case in cases:
        lock_case(case.assignment.suggestion_id)
    activity = Activity.objects.get(pk=activity.pk)
    if not may_correct(actor, activity):
        raise Forbidden("沟通记录由记录人或本单位办公室更正")
    if not reason.strip():
        raise DomainError("填写更正的理由", field="reason")

    changed = {name: value for name, value in changes.items() if getattr(activity, name) != value}
    if not set(changed) <= set(CORRECTABLE):
        raise DomainError("参加的人和涉及的件不能改，另记一次沟通")
    if not changed:
        raise DomainError("没有要更正的内容")
    _check_corrected(cases, changed, today)
    old = {name: getattr(activity, name) for name in changed}
    for name, value in changed.items():
        setattr(activity, name, value)
    activity.save()
    for case in cases:
        record("activity.corrected", actor=actor, target=case, reason=reason.strip(), activity=activity.pk,
               old=old, new=changed)
    return activity


def _check_corrected(cases: list[ActivityCase], changed: dict, today: date) -> None:
    happened_on = changed.get("happened_on")
    if happened_on and happened_on > today:
        raise DomainError("沟通日期不能晚于今天", field="happened_on")
    if happened_on and any(happened_on < case.assignment.assigned_on for case in cases):
        raise DomainError("沟通日期不能早于交办日期", field="happened_on")
    if "content" in changed and not changed["content"].strip():
        raise DomainError("填写沟通内容", field="content")


def may_correct(user, activity: Activity) -> bool:
    """记录人，或者看得到全单位件的人（联络员、领导）。"""
    if activity.recorded_by_id == user.pk:
        return True
    return bool(duties_in(user, activity.unit_id) & set(UNIT_WIDE))


def stage_now(assignment: Assignment) -> str:
    """此刻沟通属于哪个阶段：没有起草为办前，起草审签中为办中，签发以后为办后。"""
    status = Reply.objects.current().filter(assignment=assignment, round=assignment.round).values_list("status").first()
    if status is None:
        return Stage.BEFORE
    return Stage.AFTER if status[0] in ("signed", "delivered") else Stage.DURING
