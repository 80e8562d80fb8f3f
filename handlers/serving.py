"""服务代表的数：各种活动各计各的、每名代表服务过几次、对口与责任人员一页要的行。"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Max, Q, QuerySet

from suggestions.models import Deputy

from .actions.liaising import SERVICE_DUTIES
from .actions.serving import ANSWER_BEFORE
from .models import SERVICES, Activity, ActivityDeputy, Answer, Division, Duty, Matter, Post, Unit

#: 四种服务活动；日常联络另记，不算在内
ACTIVITIES = (Matter.RESEARCH, Matter.GROUP_VISIT, Matter.INVITATION, Matter.MAILING)
#: 算服务过的：邀请的要到场，其余参加了、寄到了就算
SERVED = ~Q(activity__matter=Matter.INVITATION) | Q(attended=True)


@dataclass(frozen=True)
class Figure:
    """一种活动一年里几次、几人次。"""

    matter: Matter
    times: int
    people: int


def figures(unit: Unit, year: int) -> list[Figure]:
    """各种活动各计各的；一条查询。"""
    rows = Activity.objects.filter(unit=unit, matter__in=SERVICES, happened_on__year=year).order_by()
    counted = {
        row["matter"]: (row["times"], row["people"])
        for row in rows.values("matter").annotate(
            times=Count("pk", distinct=True),
            people=Count("deputies", filter=~Q(matter=Matter.INVITATION) | Q(deputies__attended=True)),
        )
    }
    return [Figure(Matter(code), *counted.get(code, (0, 0))) for code in SERVICES]


def served_times(unit: Unit, deputies: Iterable[int]) -> dict[int, dict]:
    """每名代表：四种活动服务过几次、日常联络几次、最近一次是哪天。"""
    rows = ActivityDeputy.objects.filter(SERVED, activity__unit=unit, activity__matter__in=SERVICES)
    counted = rows.filter(deputy__in=list(deputies)).order_by().values("deputy").annotate(
        times=Count("pk", filter=Q(activity__matter__in=ACTIVITIES)),
        liaison=Count("pk", filter=Q(activity__matter=Matter.LIAISON)), last=Max("activity__happened_on"),
        **{f"of_{matter}": Count("pk", filter=Q(activity__matter=matter)) for matter in ACTIVITIES},
    )
    return {row["deputy"]: row for row in counted}


def of_deputy(unit: Unit, deputy: Deputy) -> QuerySet[ActivityDeputy]:
    """本单位服务这名代表的记录，新的在前。"""
    rows = ActivityDeputy.objects.filter(deputy=deputy, activity__unit=unit, activity__matter__in=SERVICES)
    return rows.select_related("activity").prefetch_related("activity__members").order_by(
        "-activity__happened_on", "-pk"
    )


def unanswered(today: date) -> QuerySet[ActivityDeputy]:
    """会期将近（会前三天以内）还没有回执的。"""
    return ActivityDeputy.objects.filter(
        activity__matter=Matter.INVITATION, answer="", activity__happened_on__gte=today,
        activity__happened_on__lte=today + ANSWER_BEFORE,
    ).select_related("activity__unit", "deputy__account")


def answer_by(activity: Activity) -> date:
    """回执最晚哪天。"""
    return activity.happened_on - ANSWER_BEFORE


@dataclass(frozen=True)
class Tally:
    """一次活动的回执、出席、签收。"""

    invited: int
    coming: int
    not_coming: int
    silent: int
    attended: int
    received: int


def tally(activity: Activity) -> Tally:
    found = activity.deputies.aggregate(
        invited=Count("pk"), coming=Count("pk", filter=Q(answer=Answer.COMING)),
        not_coming=Count("pk", filter=Q(answer=Answer.NOT_COMING)), silent=Count("pk", filter=Q(answer="")),
        attended=Count("pk", filter=Q(attended=True)), received=Count("pk", filter=Q(received_on__isnull=False)),
    )
    return Tally(**found)


def invitations_for(deputy: Deputy, today: date) -> QuerySet[ActivityDeputy]:
    """这名代表收到的邀请，还没有举行的在前；半年以前的不列。"""
    rows = ActivityDeputy.objects.filter(
        deputy=deputy, activity__matter=Matter.INVITATION, activity__happened_on__gte=today - timedelta(days=183)
    )
    return rows.select_related("activity__unit").order_by("-activity__happened_on", "-pk")


def to_answer(deputy: Deputy, today: date) -> int:
    """等这名代表回话的邀请。"""
    return invitations_for(deputy, today).filter(answer="", activity__happened_on__gte=today).count()


# ── 责任人员 ──
@dataclass
class Room:
    """一个处室和它的联络员；``former`` 是历任，后离任的在前。"""

    division: Division
    now: Post | None = None
    former: list[Post] = field(default_factory=list)


def rooms(unit: Unit, today: date) -> list[Room]:
    """各处室的联络员与历任；撤并了的处室不列。"""
    divisions = unit.divisions.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)).order_by("position", "id")
    found = {division.pk: Room(division) for division in divisions}
    posts = Post.objects.filter(unit=unit, duty=Duty.ROOM_LIAISON, division__in=found).select_related("division")
    for post in posts.order_by("-valid_from", "-pk"):
        room = found[post.division_id]
        if post.valid_from <= today and (post.valid_to is None or post.valid_to > today):
            room.now = post
        else:
            room.former.append(post)
    return list(found.values())


def vacant_rooms(unit: Unit, today: date) -> list[Division]:
    """空岗的处室（CZ-05）。"""
    return [room.division for room in rooms(unit, today) if room.now is None]


def service_group(unit: Unit, today: date) -> list[tuple[str, list[Post]]]:
    """服务代表工作领导小组：组长、副组长、成员；办公室由单位联络员担任（CZ-13）。"""
    posts = Post.objects.valid(today).filter(unit=unit, duty__in=(*SERVICE_DUTIES, Duty.LIAISON))
    found: dict[str, list[Post]] = {}
    for post in posts.select_related("division").order_by("-rank", "pk"):
        found.setdefault(post.duty, []).append(post)
    labels = ("组长", "副组长", "成员", "办公室")
    return [
        (label, found.get(duty, [])) for label, duty in zip(labels, (*SERVICE_DUTIES, Duty.LIAISON), strict=True)
    ]
