"""服务代表：联合调研、集中走访、邀请列席、寄送资料、日常联络，以及“连心桥”栏目（CZ-15 至 CZ-20）。

一次活动多名代表，不必有件；邀请有回执和出席，寄送有签收。
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from suggestions.locking import lock_case
from suggestions.models import Deputy, Suggestion

from ..access import may_in_unit
from ..models import (
    CONTACT_KINDS,
    SERVICES,
    Activity,
    ActivityCase,
    ActivityDeputy,
    ActivityKind,
    ActivityMember,
    Answer,
    Assignment,
    Column,
    ColumnArticle,
    Matter,
    Post,
    Stage,
    Unit,
)

#: 事由 → 怎么进行的；日常联络由人选
KIND_OF = {
    Matter.RESEARCH: ActivityKind.INSPECTION, Matter.GROUP_VISIT: ActivityKind.VISIT,
    Matter.INVITATION: ActivityKind.MEETING, Matter.MAILING: ActivityKind.PAPER,
}
#: 邀请的回执在会前几天（日历天）还没有，就提醒
ANSWER_BEFORE = timedelta(days=3)


@transaction.atomic
def log_service(
    unit: Unit, *, matter: str, happened_on: date, deputies: Sequence[Deputy], members: Sequence[Post] = (),
    subject: str = "", content: str = "", place: str = "", kind: str = "", assignments: Sequence[Assignment] = (),
    actor, today: date,
) -> Activity:
    """登记一次服务活动。邀请的日期是会议活动那一天，可以在今天以后；其余的记已经做了的。"""
    if not may_in_unit(actor, unit.pk, "serve"):
        raise Forbidden("由本单位的人登记服务活动")
    _check_service(unit, matter, happened_on, deputies, members, subject, content, today)
    activity = Activity.objects.create(
        unit=unit, matter=matter, kind=_kind(matter, kind), stage=Stage.DURING, happened_on=happened_on,
        place=place.strip(), subject=subject.strip(), content=content.strip() or subject.strip(), recorded_by=actor,
    )
    _add_people(activity, members, deputies)
    for one in sorted(set(assignments), key=lambda row: row.suggestion_id):
        _about(activity, one, actor)
    record(
        "service.logged", actor=actor, target=activity, matter=activity.get_matter_display(), happened_on=happened_on,
        deputies=len(set(deputies)),
    )
    return activity


def _check_service(
    unit: Unit, matter: str, happened_on: date, deputies: Sequence[Deputy], members: Sequence[Post], subject: str,
    content: str, today: date,
) -> None:
    if matter not in SERVICES:
        raise DomainError("选择服务代表的哪一种", field="matter")
    if happened_on > today and matter != Matter.INVITATION:
        raise DomainError("日期不能晚于今天", field="happened_on")
    if not deputies:
        raise DomainError("写上代表，或者选代表团、对口处室", field="deputies")
    if any(one.congress_id != unit.congress_id for one in deputies):
        raise DomainError("代表从本级人大里选", field="deputies")
    if matter == Matter.LIAISON and not content.strip():
        raise DomainError("填写联络了什么", field="content")
    if matter != Matter.LIAISON and not subject.strip():
        raise DomainError("填写名称", field="subject")
    if not members and matter not in (Matter.INVITATION, Matter.MAILING):
        raise DomainError("选择本单位参加的人", field="members")
    if any(post.unit_id != unit.pk for post in members):
        raise DomainError("参加的人从本单位里选", field="members")


def _kind(matter: str, kind: str) -> str:
    if matter in KIND_OF:
        return KIND_OF[matter]
    if kind not in CONTACT_KINDS:
        raise DomainError("选择怎样联络的", field="kind")
    return kind


def _add_people(activity: Activity, members: Sequence[Post], deputies: Sequence[Deputy]) -> None:
    """本单位的人按当时的职务职级冻结成文字。"""
    ActivityMember.objects.bulk_create(
        ActivityMember(
            activity=activity, post=post, name=post.name, title=post.title or post.get_duty_display(), duty=post.duty,
            rank=post.rank,
        )
        for post in dict.fromkeys(members)
    )
    ActivityDeputy.objects.bulk_create(
        ActivityDeputy(activity=activity, deputy=deputy) for deputy in dict.fromkeys(deputies)
    )


def _about(activity: Activity, assignment: Assignment, actor) -> None:
    """与哪一件有关：件上也留一条痕。"""
    lock_case(assignment.suggestion_id)
    if assignment.unit_id != activity.unit_id:
        raise Forbidden(f"{assignment.suggestion.shown_number} 不是交给{activity.unit}的件")
    case = ActivityCase.objects.create(activity=activity, assignment=assignment)
    record(
        "service.logged", actor=actor, target=case, matter=activity.get_matter_display(), activity=activity.pk,
        happened_on=activity.happened_on,
    )


# ── 回执、出席、签收 ──
@transaction.atomic
def answer_invitation(row: ActivityDeputy, *, answer: str, actor, today: date) -> ActivityDeputy:
    """邀请的回执：代表本人填，或者单位照电话里说的代填；会前可以改。"""
    row = _locked_row(row, actor)
    activity = row.activity
    if activity.matter != Matter.INVITATION:
        raise NotAllowed("只有邀请才有回执")
    if answer not in Answer.values:
        raise DomainError("选择参加，还是不能参加", field="answer")
    if today > activity.happened_on:
        raise NotAllowed(f"{activity.subject}已于 {activity.happened_on} 举行，不再收回执")
    if row.answer == answer:
        return row
    before, row.answer, row.answered_on = row.answer, answer, today
    row.save(update_fields=["answer", "answered_on"])
    record("invitation.answered", actor=actor, target=row, answer=answer, answer_before=before, deputy=row.deputy.name)
    return row


@transaction.atomic
def mark_attendance(row: ActivityDeputy, *, attended: bool, actor, today: date) -> ActivityDeputy:
    """活动以后登记谁到了。"""
    row = _locked_row(row, actor, by_unit=True)
    activity = row.activity
    if activity.matter != Matter.INVITATION:
        raise NotAllowed("只有邀请才登记出席")
    if today < activity.happened_on:
        raise NotAllowed(f"{activity.subject}到 {activity.happened_on} 才举行，到时再登记出席")
    if row.attended == attended:
        return row
    row.attended = attended
    row.save(update_fields=["attended"])
    record("invitation.attended", actor=actor, target=row, attended=attended, deputy=row.deputy.name)
    return row


@transaction.atomic
def mark_received(row: ActivityDeputy, *, received_on: date | None, actor, today: date) -> ActivityDeputy:
    """寄送的文件资料收到了；登错了可以改回没有收到。"""
    row = _locked_row(row, actor, by_unit=True)
    if row.activity.matter != Matter.MAILING:
        raise NotAllowed("只有寄送文件资料才登记签收")
    if received_on is not None and not row.activity.happened_on <= received_on <= today:
        raise DomainError("签收日期在寄出以后、不晚于今天", field="received_on")
    if row.received_on == received_on:
        return row
    row.received_on = received_on
    row.save(update_fields=["received_on"])
    record("mailing.received", actor=actor, target=row, received_on=received_on, deputy=row.deputy.name)
    return row


def _locked_row(row: ActivityDeputy, actor, *, by_unit: bool = False) -> ActivityDeputy:
    """锁住活动，取最新的一行；代表本人或本单位的人才能动。"""
    Activity.objects.select_for_update().get(pk=row.activity_id)
    row = ActivityDeputy.objects.select_related("activity__unit", "deputy").get(pk=row.pk)
    own = row.deputy.account_id is not None and row.deputy.account_id == actor.pk
    if not (own and not by_unit) and not may_in_unit(actor, row.activity.unit_id, "serve"):
        raise Forbidden("由代表本人或本单位的人登记")
    return row


# ── 栏目 ──
@transaction.atomic
def add_column(unit: Unit, *, publication: str, name: str, actor, today: date) -> Column:
    """在刊物上设一个栏目，如《新理财（湖南财政）》“连心桥”。"""
    if actor is not None and not may_in_unit(actor, unit.pk, "appoint"):
        raise Forbidden("由本单位的联络员、分管领导或主要负责人设栏目")
    publication, name = publication.strip().strip("《》"), name.strip().strip("“”")
    if not publication or not name:
        raise DomainError("填写刊物和栏目的名称", field="publication")
    if Column.objects.filter(unit=unit, publication=publication, name=name).exists():
        raise DomainError("这个刊物已有同名的栏目", field="name")
    column = Column.objects.create(unit=unit, publication=publication, name=name)
    record("column.added", actor=actor, target=column)
    return column


@transaction.atomic
def add_article(
    column: Column, *, issue: str, title: str, text: str, published_on: date, by_deputy: bool,
    deputy: Deputy | None = None, suggestion: Suggestion | None = None, actor, today: date,
) -> ColumnArticle:
    """栏目里登一篇：代表来稿，或单位回应；连到代表、连到件。"""
    if not may_in_unit(actor, column.unit_id, "serve"):
        raise Forbidden("由本单位的人登记栏目文章")
    for field, value, sentence in (
        ("issue", issue, "填写哪一期"), ("title", title, "填写题目"), ("text", text, "填写正文"),
    ):
        if not value.strip():
            raise DomainError(sentence, field=field)
    if by_deputy and deputy is None:
        raise DomainError("代表来稿的写上是哪位代表", field="deputy")
    if published_on > today:
        raise DomainError("刊出日期不能晚于今天", field="published_on")
    article = ColumnArticle.objects.create(
        column=column, issue=issue.strip(), title=title.strip(), text=text.strip(), published_on=published_on,
        by_deputy=by_deputy, deputy=deputy, suggestion=suggestion, added_by=actor,
    )
    record("column.article_added", actor=actor, target=article, column=str(column), by_deputy=by_deputy)
    return article
