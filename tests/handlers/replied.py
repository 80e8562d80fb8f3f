"""评价一段的布景：答复已送达的件，和由此走到的评价、第二轮、协调评估。都经动作产生。"""
from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from handlers.actions import evaluating, publishing
from handlers.models import Assignment, Delivery, Evaluation, Reply, ResultClass
from suggestions.actions.attaching import add_attachment
from suggestions.models import Attachment, Purpose, Suggestion
from tests.handlers import handling
from tests.handlers.cases import separate
from tests.world import World

DAY = timedelta(days=1)
TODAY, SENT = handling.TODAY, handling.SENT
RATED = SENT + DAY
MET_AGAIN = WRITTEN_AGAIN = RATED + DAY
SIGNED_AGAIN = SENT_AGAIN = MET_AGAIN + DAY
RATED_AGAIN = SENT_AGAIN + DAY
HAPPY = {"attitude": "satisfied", "outcome": "satisfied", "overall": "satisfied"}
UNHAPPY = {"attitude": "basically", "outcome": "dissatisfied", "overall": "dissatisfied"}
OPINION = "支流还是发黑，没有看到整治。"


def replied(world: World, **case) -> Reply:
    """独办件，答复已送达领衔代表和联名代表（如有）。"""
    return handling.answered(world, **case)


def delivery(reply: Reply, deputy=None) -> Delivery:
    """送给某名代表的；不说是谁就是领衔代表。"""
    rows = reply.deliveries.select_related("deputy__account", "reply__assignment")
    return rows.get(deputy=deputy) if deputy else rows.filter(is_lead=True).first()


def rate(row: Delivery, *, today: date = RATED, **answers) -> Evaluation:
    """代表本人评价；不说怎样就是满意，说不满意就带上意见。"""
    values = {**HAPPY, **answers}
    if values["overall"] == "dissatisfied" and "opinion" not in values and "reasons" not in values:
        values["opinion"] = OPINION
    return evaluating.record_evaluation(row, **values, actor=row.deputy.account, today=today)


def dislike(row: Delivery, *, today: date = RATED, **answers) -> Evaluation:
    return rate(row, today=today, **{**UNHAPPY, **answers})


def again(assignment: Assignment, cast) -> Reply:
    """第二轮：再次沟通、起草、审签、送达。"""
    assignment = Assignment.objects.get(pk=assignment.pk)
    handling.contacted(assignment, cast, on=MET_AGAIN, stage="before")
    reply = handling.drafted(assignment, cast, today=WRITTEN_AGAIN)
    reply = handling.submit_reply(reply, actor=cast.officer, today=WRITTEN_AGAIN)
    reply = handling.signed(reply, today=SIGNED_AGAIN)
    return handling.delivered(reply, cast.liaison, today=SENT_AGAIN)


def twice_disliked(world: World, **case) -> tuple[Suggestion, Reply]:
    """两轮都不满意，已转协调评估。"""
    first = replied(world, **case)
    dislike(delivery(first))
    second = again(first.assignment, world.water)
    dislike(delivery(second), today=RATED_AGAIN)
    return Suggestion.objects.get(pk=first.assignment.suggestion_id), second


def parted(world: World, *, number: int = 1) -> list[Assignment]:
    """分办件：水利、交通两家各自办理，都已分派、已沟通。"""
    case = handling.registered(world, title=f"关于第{number}条航道整治的建议")
    rows = handling.assign_suggestion(
        case, choices=separate(world.water, world.transport), actor=world.clerk, today=handling.ASSIGNED
    )
    for row, cast in zip(rows, (world.water, world.transport), strict=True):
        row = handling.accept_assignment(row, actor=cast.liaison, today=handling.ACCEPTED)
        handling.contacted(handling.allotted(row, cast), cast)
    return list(Assignment.objects.filter(suggestion=case).order_by("id"))


def answer(assignment: Assignment, cast, *, today: date = handling.SENT) -> Reply:
    """这个单位写好、签发、送达它这一份。"""
    assignment = Assignment.objects.get(pk=assignment.pk)
    reply = handling.drafted(assignment, cast)
    reply = handling.submit_reply(reply, actor=cast.officer, today=handling.WRITTEN)
    return handling.delivered(handling.signed(reply), cast.liaison, today=today)


def paper(world: World, row: Delivery, *, purpose: str = Purpose.EVALUATION) -> Attachment:
    """一份纸质意见表的扫描件。"""
    return add_attachment(
        row.suggestion, scan(), purpose=purpose, about=f"delivery:{row.pk}", actor=world.clerk
    )


def scan(text: str = "代表签名的意见表") -> SimpleUploadedFile:
    return SimpleUploadedFile("意见表.txt", text.encode(), content_type="text/plain")


def promised(world: World, **case) -> Reply:
    """B 类答复，承诺清淤十公里，已送达。"""
    assignment = handling.allotted(handling.handed_to(world, **case), world.water)
    handling.contacted(assignment, world.water)
    reply = handling.drafted(
        assignment, world.water, result_class=ResultClass.objects.get(code="B"),
        promises=[("清淤十公里", TODAY + 90 * DAY, "规划处张三")],
    )
    reply = handling.submit_reply(reply, actor=world.water.officer, today=handling.WRITTEN)
    return handling.delivered(handling.signed(reply), world.water.liaison)


def publish(world: World, reply: Reply, **how) -> Reply:
    """审定公开。"""
    return publishing.publish_reply(reply, actor=world.clerk, today=RATED, **how)


def published(world: World, *, published_as: str = "", summary: str | None = None, **case) -> Reply:
    """已公开的答复。"""
    return publish(world, replied(world, **case), published_as=published_as, summary=summary)
