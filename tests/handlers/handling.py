"""处理一段的布景：一件主办加会办的件，经动作一步步走到要测的那一步。"""
from __future__ import annotations

from datetime import date, timedelta

from handlers.actions.assigning import assign_suggestion
from handlers.actions.assisting import adopt_opinion, save_opinion, send_opinion
from handlers.actions.contacting import log_activity
from handlers.actions.planning import allot_assignment
from handlers.actions.receiving import accept_assignment
from handlers.actions.replying import Handed, approve_reply, deliver_reply, save_reply, submit_reply
from handlers.approvals import Chain
from handlers.choosing import Choice
from handlers.models import Assignment, Reply, ResultClass
from lianluo.workdays import clock
from suggestions.actions.entering import enter_suggestion
from suggestions.actions.registering import register_suggestion
from suggestions.models import Suggestion
from tests.world import UnitCast, World

#: 页面上的“今天”是真的今天，所以布景的日子都从今天往回数
TODAY = clock.today()
ASSIGNED = TODAY - timedelta(days=40)
ACCEPTED = ASSIGNED + timedelta(days=2)
MET = ASSIGNED + timedelta(days=8)
WRITTEN = ASSIGNED + timedelta(days=30)
SIGNED = ASSIGNED + timedelta(days=33)
SENT = ASSIGNED + timedelta(days=35)
TWO = ("建立湘江支流生态补偿机制", "增加山塘清淤专项资金")


def registered(world: World, *, title="关于加强湘江支流治理的建议", cosigners=(), requests=TWO, **more) -> Suggestion:
    """录入并登记一件。"""
    data = {
        "session": world.session, "lead_deputy": world.lead_deputy, "title": title, "body": "支流水质下降，山塘淤积。",
        "requests": list(requests), "cosigners": list(cosigners), "contact_phone": "13800000001",
        "raised_during": "in_session", "publish_wish": "full", **more,
    }
    day = date(2026, 1, 25)
    case = enter_suggestion(data, actor=world.clerk, today=day)
    return register_suggestion(case, category=None, actor=world.clerk, today=day)


def handed_to(world: World, *, assist: UnitCast | None = None, accept: bool = True, **case) -> Assignment:
    """交给省水利厅：独办，或者主办加一家会办；默认都签收。返回主办（独办）关系。"""
    suggestion = registered(world, **case)
    choices = [Choice(world.water.unit, "lead" if assist else "sole")]
    if assist:
        choices.append(Choice(assist.unit, "assist"))
    rows = assign_suggestion(suggestion, choices=choices, actor=world.clerk, today=ASSIGNED)
    if accept:
        rows = [accept_assignment(row, actor=world.water.liaison, today=ACCEPTED) for row in rows]
    return next(row for row in rows if row.role != "assist")


def allotted(assignment: Assignment, cast: UnitCast, today: date = ACCEPTED, **more) -> Assignment:
    """分派到综合处。"""
    values = {
        "lead_division": cast.division, "officer": cast.posts["officer"], "responsible_leader": cast.posts["leader"],
        "inner_due_on": assignment.due_on - timedelta(days=10), "quality_goal": "当面沟通，逐条回应",
        "task_note": "摸清支流底数，提出补偿方案", **more,
    }
    return allot_assignment(assignment, actor=cast.liaison, today=today, **values)


def helper_of(assignment: Assignment) -> Assignment:
    """同一件上的会办关系。"""
    return Assignment.objects.get(suggestion=assignment.suggestion_id, role="assist", status__in=(
        "pending", "accepted", "handling", "answered"
    ))


def contacted(assignment: Assignment, cast: UnitCast, *, on: date = MET, kind: str = "visit", **more):
    """承办人上门走访领衔代表。"""
    values = {
        "unit": cast.unit, "assignments": [assignment], "kind": kind, "stage": "before", "happened_on": on,
        "members": [cast.posts["officer"]], "deputies": [assignment.suggestion.lead_deputy],
        "content": "听取代表对支流治理的意见", "actor": cast.officer, "today": on, **more,
    }
    return log_activity(**values)


def opined(helper: Assignment, cast: UnitCast, today: date = MET, text: str = "桥梁施工将同步清淤，不影响行洪。"):
    """会办单位送出意见。"""
    written = {"text": text, "document_number": "湘交建函〔2026〕3号", "signed_by": "交通厅副厅长"}
    opinion = save_opinion(helper, actor=cast.officer, today=today, **written)
    return send_opinion(opinion, actor=cast.liaison, today=today)


def content(assignment: Assignment, **more) -> dict:
    """一份 A 类答复的内容，每条都回应。"""
    asked = list(assignment.suggestion.requests.order_by("position").values_list("pk", flat=True)) or [None]
    return {
        "result_class": ResultClass.objects.get(code="A"),
        "items": {pk: ("full", f"第{place}条已经办理，资金已下达。") for place, pk in enumerate(asked, 1)},
        "publication": "full", "contact_name": "李工", "contact_phone": "0731-82210001", **more,
    }


def drafted(assignment: Assignment, cast: UnitCast, today: date = WRITTEN, **more) -> Reply:
    """承办人存好一稿。"""
    reply = Reply.objects.current().filter(assignment=assignment, round=assignment.round).first()
    return save_reply(
        assignment, data=content(assignment, **more), version=reply.version if reply else 0, actor=cast.officer,
        today=today,
    )


def ready(world: World, **case) -> Reply:
    """独办件：已分派、已沟通、已成稿，只差送审。"""
    assignment = allotted(handed_to(world, **case), world.water)
    contacted(assignment, world.water)
    return drafted(assignment, world.water)


def submitted(world: World, **case) -> Reply:
    return submit_reply(ready(world, **case), actor=world.water.officer, today=WRITTEN)


def agree(reply: Reply, today: date = SIGNED) -> Reply:
    """现在该谁，谁就同意。"""
    chain = Chain(reply, today)
    actor = chain.stage.posts[0].account
    return approve_reply(reply, version=chain.step.version, opinion="同意", actor=actor, today=today)


def signed(reply: Reply, today: date = SIGNED) -> Reply:
    """一环一环同意到签发。"""
    while reply.status in ("checking", "reviewing"):
        reply = agree(reply, today)
    return reply


def delivered(reply: Reply, actor, today: date = SENT) -> Reply:
    """全部当面送达。"""
    handed = [Handed(row, "by_hand", today) for row in reply.deliveries.all()]
    return deliver_reply(reply, deliveries=handed, actor=actor, today=today)


def answered(world: World, **case) -> Reply:
    """独办件走到送达。"""
    return delivered(signed(submitted(world, **case)), world.water.liaison)


def lead_and_helper(world: World, **case) -> tuple[Assignment, Assignment]:
    """主办、会办都已签收分派。"""
    lead = allotted(handed_to(world, assist=world.transport, **case), world.water)
    return lead, allotted(helper_of(lead), world.transport)


def adopted(opinion, actor, today: date = WRITTEN, adoption: str = "full", note: str = ""):
    return adopt_opinion(opinion, adoption=adoption, note=note, actor=actor, today=today)
