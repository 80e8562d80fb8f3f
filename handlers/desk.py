"""单位收件箱：哪些是自己的，分成哪几栏，每行接下来是什么事、此人能办哪一步。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lianluo.workdays.lights import Light, light
from lianluo.workdays.models import RuleCode

from . import upcoming
from .access import READS_ALL, UNIT_WIDE, duties_in, posts_of
from .approvals import UNDER_REVIEW
from .models import ActivityCase, Allotment, Approval, Assignment, AssignmentDue, Reply, ReturnRequest
from .models import AssignmentStatus as A
from .models.meeting import ANSWERING_ROLES
from .upcoming import OWING, UNANSWERED, Facts, Step, Thing

#: 打开就看的一栏
FIRST_TAB = "todo"
#: 在列表里就能申请退回的；分派以后在件页上申请
RETURNABLE = (A.PENDING, A.ACCEPTED)


def own_assignments(user) -> QuerySet[Assignment]:
    """自己的承办关系：单位领导与联络员看全单位，处室的人看分到本处室的；办公室看全部。改办的不列。"""
    live = Assignment.objects.live()
    if user.has_role(*READS_ALL):
        return live
    wide = [post.unit_id for post in posts_of(user) if post.duty in UNIT_WIDE]
    rooms = [post.division_id for post in posts_of(user) if post.duty not in UNIT_WIDE and post.division_id]
    if not (wide or rooms):
        return live.none()
    allotted = Allotment.objects.filter(division__in=rooms).values("assignment")
    return live.filter(Q(unit__in=wide) | Q(pk__in=allotted)) if rooms else live.filter(unit__in=wide)


def _reply_is(*statuses: str) -> Exists:
    return Exists(Reply.objects.filter(assignment=OuterRef("pk"), status__in=statuses))


def sent_back() -> Q:
    """被退回：答复审签退回修改、会办意见要求重提、退回申请不予同意。"""
    refused = Approval.objects.filter(reply__assignment=OuterRef("pk"), reply__status="draft", agreed=False)
    kept = ReturnRequest.objects.filter(assignment=OuterRef("pk"), granted=False)
    return (
        Q(status=A.HANDLING) & (Exists(refused) | Q(opinion__status="resubmit"))
    ) | (Q(status=A.ACCEPTED) & Exists(kept))


def tab_conditions() -> dict[str, tuple[str, Q]]:
    """收件箱的各栏：代码 → （名称，条件）。"""
    return {
        FIRST_TAB: ("要办的", Q(status__in=UNANSWERED)),
        "pending": ("待签收", Q(status=A.PENDING)),
        "allot": ("待分派", Q(status=A.ACCEPTED)),
        "handling": ("办理中", Q(status=A.HANDLING)),
        "opinion": ("待会办意见", Q(role="assist", status__in=OWING)),
        "review": ("待审签", Q(status=A.HANDLING) & _reply_is(*UNDER_REVIEW)),
        "deliver": ("待送达", Q(status=A.HANDLING) & _reply_is("signed")),
        "again": ("再办理", Q(round__gt=1, status__in=OWING)),
        "answered": ("已答复", Q(status__in=(A.ANSWERED, A.CONCLUDED))),
        "tracking": ("跟踪落实", Q(status__in=(A.ANSWERED, A.CONCLUDED), result_class__needs_promise=True)),
        "all": ("全部", Q()),
    }


def card_conditions() -> dict[str, tuple[str, Q]]:
    """打开就看的三件事：要签收、要答复、被退回；各是一栏。"""
    return {
        "pending": ("要签收", Q(status=A.PENDING)),
        "answer": ("要答复", Q(role__in=ANSWERING_ROLES, status__in=OWING)),
        "back": ("被退回", sent_back()),
    }


def conditions() -> dict[str, tuple[str, Q]]:
    """全部能选的栏。"""
    return card_conditions() | tab_conditions()


def counts(rows: QuerySet[Assignment]) -> dict[str, int]:
    """各栏与三件事的数，一条查询。"""
    wanted = {code: condition for code, (_, condition) in conditions().items()}
    counted = rows.order_by().aggregate(
        **{f"n_{code}": Count("pk", filter=q) if q else Count("pk") for code, q in wanted.items()}
    )
    return {code: counted[f"n_{code}"] for code in wanted}


def listed(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """列表要的列一次取齐：没答复的在前，接下来的事先到期的在前。"""
    contacts = ActivityCase.objects.filter(assignment=OuterRef("pk")).values("assignment")
    returns = AssignmentDue.objects.filter(
        assignment=OuterRef("pk"), rule_code=RuleCode.RETURN, closed_on__isnull=True
    ).order_by("-due_on")
    related = ("suggestion__session", "suggestion__delegation", "suggestion__lead_deputy", "unit", "opinion")
    return upcoming.in_order(rows).select_related(*related).annotate(
        contacts=Coalesce(Subquery(contacts.annotate(n=Count("pk")).values("n")), 0),
        return_until=Subquery(returns.values("due_on")[:1]),
    ).prefetch_related(Prefetch("allotments", Allotment.objects.select_related("division", "officer")))


@dataclass(frozen=True)
class Row:
    """收件箱的一行。"""

    assignment: Assignment
    thing: Thing
    light: Light
    state: str
    steps: list[Step]
    can_return: bool

    @property
    def people(self) -> str:
        """处室与承办人。"""
        parts = [
            f"{one.division}{' ' + one.officer.name if one.officer else ''}" for one in self.assignment.allotments.all()
        ]
        return "、".join(parts)

    @property
    def main_due(self) -> date | None:
        """接下来的不是主要时限时，另外写出主要时限。"""
        one = self.assignment
        return one.due_on if one.status in UNANSWERED and one.due_on != self.thing.due_on else None

    @property
    def main_name(self) -> str:
        return upcoming.main_name(self.assignment)


def to_rows(assignments: list[Assignment], user, today: date) -> list[Row]:
    """一页的各行。"""
    facts = upcoming.gather(user, assignments)
    return [_to_row(one, user, today, facts) for one in assignments]


def _to_row(one: Assignment, user, today: date, facts: Facts) -> Row:
    done = one.status not in UNANSWERED
    thing = Thing(upcoming.main_name(one), one.due_on) if done else upcoming.thing_of(one, facts)
    wide = bool(duties_in(user, one.unit_id) & set(UNIT_WIDE))
    open_window = one.return_until is None or one.return_until >= today
    return Row(
        one, thing, light(thing.due_on, today, done=done), state_of(one, facts), upcoming.steps_of(one, user, facts),
        wide and one.status in RETURNABLE and open_window,
    )


def state_of(one: Assignment, facts: Facts) -> str:
    """给人看的状态：答复走到哪一步、再办理的，说得更细。"""
    reply = upcoming.fact_of(one, facts).reply_status if one.status == A.HANDLING else ""
    if reply in UNDER_REVIEW:
        return "待审签"
    label = {"draft": "拟稿", "signed": "待送达"}.get(reply) or one.get_status_display()
    return f"{label}（第 {one.round} 轮）" if one.round > 1 else label
