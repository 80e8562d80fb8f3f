"""办理经过，像查包裹：新的在上，平常话，往后的步骤带预计日期。给代表看。"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db.models import Q
from django.urls import reverse

from lianluo.audit.models import AuditEvent
from lianluo.workdays.models import RuleCode
from suggestions.models import Deputy, Suggestion

from .listeners import day_of
from .models import ActivityDeputy, Assignment, AssignmentStatus, Delivery, Escalation
from .whereabouts import ANSWERED, can_rate

ROLE_WORDS = {"sole": "办理", "lead": "主办", "separate": "办理", "assist": "会办"}
CONTACT_WORDS = {
    "phone": "给您打过电话", "message": "给您发过信息", "email": "给您发过邮件", "letter": "给您写过信",
    "online": "与您视频连线", "visit": "上门走访过您", "talk": "与您座谈过", "on_site": "请您到现场一起办理",
    "inspection": "请您参加视察", "by_the_way": "顺路走访过您",
}
#: 没有日期列、要从留痕里取的几步
FROM_EVENTS = {
    "suggestion.returned": "退回请您修改", "suggestion.declined": "不作为建议处理",
    "suggestion.review_reopened": "重新审查", "suggestion.merged": "与相近的建议并案办理，仍会单独答复您",
    "suggestion.unmerged": "解除并案，单独办理", "suggestion.withdrawn": "已撤回", "suggestion.reopened": "恢复办理",
}


@dataclass(frozen=True)
class Step:
    """一步：哪天、什么事、补充的话、可以点开的地方。``weight`` 定同一天里的先后。"""

    on: date | None
    what: str
    weight: int = 0
    detail: str = ""
    url: str = ""
    link: str = ""


@dataclass
class Facts:
    """一位代表看一件要用的全部事实，各取一次。"""

    case: Suggestion
    rows: list[Assignment]
    mine: list[Delivery]
    contacts: list[ActivityDeputy] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)

    @property
    def live(self) -> list[Assignment]:
        return [row for row in self.rows if row.status != AssignmentStatus.REASSIGNED]


def facts_of(case: Suggestion, deputy: Deputy) -> Facts:
    """取一件的事实；已并案的，承办看主件，答复看自己这一件的。"""
    main = case.merged_into_id or case.pk
    chains = [f"suggestion:{pk}" for pk in {case.pk, main}]
    return Facts(
        case=case,
        rows=list(
            Assignment.objects.filter(suggestion=main).select_related("unit", "replaces")
            .prefetch_related("dues", "extensions").order_by("id")
        ),
        mine=list(own_deliveries(deputy).filter(suggestion=case.pk)),
        contacts=list(
            ActivityDeputy.objects.filter(deputy=deputy, activity__cases__assignment__suggestion=main).distinct()
            .select_related("activity__unit").prefetch_related("activity__members").order_by("id")
        ),
        escalations=list(Escalation.objects.filter(suggestion=main)),
        events=list(AuditEvent.objects.filter(
            Q(chain=chains[0]) | Q(chain=chains[-1]), event__in=FROM_EVENTS
        ).order_by("id")),
    )


def own_deliveries(deputy: Deputy):
    """送到这位代表的答复，新的在前。"""
    return Delivery.objects.reached().filter(deputy=deputy).select_related(
        "reply__assignment__unit", "reply__result_class", "evaluation"
    ).order_by("-delivered_on", "-id")


def past(facts: Facts) -> list[Step]:
    """已经走过的，新的在上。"""
    steps = [
        *_of_case(facts.case), *_of_events(facts.events), *_handed_out(facts.rows), *_accepted(facts.rows),
        *_contacts(facts.contacts), *_extended(facts.rows), *_again(facts.rows), *_replies(facts.mine),
        *_escalated(facts.escalations),
    ]
    return sorted((step for step in steps if step.on), key=lambda step: (step.on, step.weight), reverse=True)


def _of_case(case: Suggestion) -> Iterator[Step]:
    yield Step(case.submitted_on, "已提交", 0)
    yield Step(case.registered_on, f"已立案，编号 {case.shown_number}", 2)
    yield Step(case.concluded_on, "办结", 20)


def _of_events(events: Iterable[AuditEvent]) -> Iterator[Step]:
    for event in events:
        yield Step(day_of(event), FROM_EVENTS[event.event], 3, event.reason)


def _handed_out(rows: list[Assignment]) -> Iterator[Step]:
    first = sorted((row for row in rows if row.replaces_id is None), key=lambda row: row.assigned_on)
    for day, group in groupby(first, key=lambda row: row.assigned_on):
        names = "，".join(f"{row.unit_name}{ROLE_WORDS[row.role]}" for row in group)
        yield Step(day, f"已交{names}", 4)
    for row in rows:
        if row.replaces_id is not None:
            yield Step(row.assigned_on, f"改由{row.unit_name}办理", 4, f"原交{row.replaces.unit_name}")


def _accepted(rows: list[Assignment]) -> Iterator[Step]:
    for row in rows:
        yield Step(row.accepted_on, f"{row.unit_name}已签收", 5)


def _contacts(rows: Iterable[ActivityDeputy]) -> Iterator[Step]:
    for row in rows:
        activity = row.activity
        who = "、".join(f"{one.name}（{one.title}）" for one in activity.members.all())
        said = "您已标明没有这次联系" if row.denied_at else ""
        yield Step(activity.happened_on, f"{activity.unit.name}{who}{CONTACT_WORDS[activity.kind]}", 6, said)


def _extended(rows: list[Assignment]) -> Iterator[Step]:
    for row in rows:
        for one in row.extensions.all():
            if one.granted:
                until = f"{one.granted_until.month}月{one.granted_until.day}日"
                yield Step(one.decided_on, f"{row.unit_name}的答复期限延到{until}", 7, one.reason)


def _again(rows: list[Assignment]) -> Iterator[Step]:
    for row in rows:
        for due in row.dues.all():
            if due.rule_code == RuleCode.REHANDLE:
                until = f"{due.due_on.month}月{due.due_on.day}日"
                yield Step(due.start_on, f"启动再办理，{row.unit_name}须在{until}前重新答复", 12)


def _replies(mine: list[Delivery]) -> Iterator[Step]:
    for row in mine:
        again = "再次答复" if row.reply.round > 1 else "已答复"
        url = reverse("deputy:reply", args=[row.reply_id])
        yield Step(row.delivered_on, f"{row.reply.assignment.unit_name}{again}", 8, url=url, link="看答复")
        rated = getattr(row, "evaluation", None)
        if rated:
            receipt = reverse("deputy:receipt", args=[row.pk])
            yield Step(rated.signed_on, f"您已评价：{rated.get_overall_display()}", 10, url=receipt, link="看回执")


def _escalated(rows: list[Escalation]) -> Iterator[Step]:
    for row in rows:
        yield Step(row.escalated_on, "转协调评估，由人大办事机构组织单位和专家评估", 13)
        yield Step(row.settled_on, "协调评估有了处理意见", 14, row.note)


def future(facts: Facts, open_due: date | None) -> list[Step]:
    """往后的步骤，最远的在上；``open_due`` 是件上正在走的登记或交办期限。"""
    main = facts.case.main
    if main.status in ("submitted", "returned"):
        return _reversed(Step(open_due, "人大办事机构审查登记"), Step(None, "交给承办单位"), *_answer_and_rate([]))
    if main.status == "registered":
        return _reversed(Step(open_due, "交给承办单位"), *_answer_and_rate([]))
    if main.status in ("assigned", "handling", "rehandling", "replied"):
        return _reversed(*_answer_and_rate(facts.live), *_rating(facts))
    if main.status != "escalated":
        return []
    settled = all(row.again is not None for row in facts.escalations)
    return [Step(None, "办结")] if settled else [Step(None, "评估后提出处理意见")]


def _reversed(*steps: Step) -> list[Step]:
    return list(reversed(steps))


def _answer_and_rate(rows: list[Assignment]) -> list[Step]:
    """还欠着的签收与答复；还没有交办的，只说会答复、会请代表评价。"""
    if not rows:
        return [Step(None, "承办单位办理，与您联系"), Step(None, "承办单位答复"), Step(None, "待您评价")]
    owing = [row for row in rows if row.answers_deputy and row.status not in ANSWERED]
    steps = [Step(None, f"{row.unit_name}签收") for row in owing if row.status == AssignmentStatus.PENDING]
    steps += [Step(row.due_on, f"{row.unit_name}{'重新答复' if row.round > 1 else '答复'}") for row in owing]
    return steps + ([Step(None, "待您评价")] if owing else [])


def _rating(facts: Facts) -> list[Step]:
    """答复都到了：等他评价（带反馈期限），或者等办结。"""
    if any(row.answers_deputy and row.status not in ANSWERED for row in facts.live):
        return []
    waiting = [row for row in facts.mine if can_rate(row)]
    if not waiting:
        return [Step(None, "办结")]
    dues = [due.due_on for row in facts.live for due in row.dues.all()
            if due.rule_code == RuleCode.FEEDBACK and due.is_open]
    return [Step(min(dues, default=None), "待您评价"), Step(None, "办结")]
