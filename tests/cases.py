"""把一件建议经动作走到要测的那一步；各层的测试共用这一条路。

    Journey(world).to("signed")                                 # 省水利厅主办、省交通运输厅会办，代表自己写的联名件
    Journey(world, unit=world.publicity, assist=None).to("rated")    # 独办
    Journey(world, result="B").to("delivered")                  # B 类，带一项承诺
    Journey(world, overall="dissatisfied").to("rated")          # 领衔代表不满意，进入再办理

``to`` 从现在的一步走到指定的一步，每一步是 STAGES 里的一个名字和同名的方法。
主线之外的岔路（退回、延期、并案、公开……）是下面的函数。页面上的“今天”是真的今天，所以日子都从今天往回数。
"""
from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from handlers.actions import assisting, contacting, delivering, evaluating, planning, publishing, receiving
from handlers.actions import meeting as meeting_actions
from handlers.actions.assigning import assign_suggestion
from handlers.actions.extending import request_extension
from handlers.actions.proposing import object_to_proposal, propose_assignment
from handlers.actions.replying import Handed, approve_reply, save_reply, submit_reply
from handlers.actions.returning import request_return
from handlers.approvals import Chain
from handlers.choosing import Choice
from handlers.models import (
    Activity,
    Assignment,
    AssignmentMeeting,
    AssistOpinion,
    Delivery,
    Evaluation,
    Extension,
    Reply,
    ResultClass,
    ReturnRequest,
)
from lianluo.workdays import clock
from suggestions.actions import drafting, grouping, registering
from suggestions.actions.attaching import add_attachment
from suggestions.models import Attachment, Deputy, Suggestion
from supervision.actions import signing_off
from supervision.models import LedgerEntry
from tests.world import OPENED, UnitCast, World

TODAY = clock.today()
ASSIGNED = TODAY - timedelta(days=40)
ACCEPTED = ASSIGNED + timedelta(days=2)
MET = ASSIGNED + timedelta(days=8)
WRITTEN = ASSIGNED + timedelta(days=30)
SIGNED = ASSIGNED + timedelta(days=33)
SENT = ASSIGNED + timedelta(days=35)
RATED = ASSIGNED + timedelta(days=37)

STAGES = (
    "drafted", "cosigning", "cosigned", "submitted", "registered", "proposed", "assigned", "accepted", "allotted",
    "contacted", "opining", "opined", "adopted", "written", "checking", "signed", "delivered", "rated", "published",
    "applied", "signed_off",
)
REQUESTS = ("三年内完成全部小型病险水库除险加固", "建立管护经费长效机制")
UNHAPPY = "只说了打算，没有安排资金"


def paper(name: str = "材料.txt", text: str = "办理情况说明") -> SimpleUploadedFile:
    """一份收得下的附件。"""
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


class Journey:
    """一件建议的全程。走过的东西都从属性取，取到的总是库里最新的。"""

    count = 0

    def __init__(
        self, world: World, *, lead: Deputy | None = None, cosigners: tuple[Deputy, ...] | None = None,
        unit: UnitCast | None = None, assist: UnitCast | None | bool = True, title: str = "", body: str = "",
        result: str = "A", overall: str = "satisfied", secret: str = "", **fields,
    ) -> None:
        Journey.count += 1
        self.world, self.result, self.overall, self.fields = world, result, overall, fields
        self.lead = lead or world.lead_deputy
        self.cosigners = (world.cosigner,) if cosigners is None else tuple(cosigners)
        self.unit = unit or world.water
        self.assist = world.transport if assist is True else (assist or None)
        self.title = title or f"关于加快第{Journey.count}批病险水库除险加固的建议"
        self.body = body or f"第{Journey.count}批水库带病运行，汛期风险很大，下游群众多次反映，资金和技术力量都跟不上。"
        self.secret = secret or f"第{Journey.count}批"  # 各环节写的字里带着它，看得出是哪一件的
        self.stage = ""
        self.pk: int | None = None

    def to(self, stage: str) -> Journey:
        """一步步走到这一步；已经走过的不再走。"""
        done = STAGES.index(self.stage) + 1 if self.stage else 0
        for name in STAGES[done : STAGES.index(stage) + 1]:
            getattr(self, name)()
            self.stage = name
        return self

    # ── 走过的东西 ──
    @property
    def suggestion(self) -> Suggestion:
        found = Suggestion.objects.select_related("session__term", "lead_deputy__account", "merged_into")
        return found.get(pk=self.pk)

    @property
    def assignment(self) -> Assignment:
        """独办或主办的一家。"""
        return self._assignments().get(unit=self.unit.unit)

    @property
    def helper(self) -> Assignment:
        """会办的一家。"""
        return self._assignments().get(unit=self.assist.unit)

    def _assignments(self):
        return Assignment.objects.live().filter(suggestion=self.pk).select_related("suggestion__session", "unit")

    @property
    def proposal(self):
        return self.suggestion.proposals.select_related("unit", "suggestion").get(unit=self.unit.unit)

    @property
    def activity(self) -> Activity:
        return Activity.objects.contacts().filter(assignments=self.assignment).latest("pk")

    @property
    def opinion(self) -> AssistOpinion:
        return AssistOpinion.objects.get(assignment=self.helper)

    @property
    def reply(self) -> Reply:
        found = Reply.objects.current().select_related("assignment__suggestion__session", "assignment__unit")
        return found.filter(assignment=self.assignment).latest("round")

    @property
    def delivery(self) -> Delivery:
        """给领衔代表的那一份。"""
        return self.reply.deliveries.select_related("deputy__account", "reply__assignment").get(is_lead=True)

    @property
    def first_delivery(self) -> Delivery:
        """第一轮答复给领衔代表的那一份。"""
        return Delivery.objects.get(reply__assignment=self.assignment, reply__round=1, is_lead=True)

    @property
    def evaluation(self) -> Evaluation:
        """领衔代表最近一次评价。"""
        return Evaluation.objects.filter(reply__assignment=self.assignment, is_lead=True).latest("round")

    @property
    def entry(self) -> LedgerEntry:
        """主办（独办）单位的承办条目。"""
        found = LedgerEntry.objects.select_related("assignment__unit", "suggestion", "unit", "promise")
        return found.get(assignment=self.assignment, kind="handling")

    @property
    def main_entry(self) -> LedgerEntry:
        return LedgerEntry.objects.get(suggestion=self.pk, kind="main")

    # ── 提出 ──
    def drafted(self) -> None:
        data = {
            "lead_deputy": self.lead, "title": self.title, "body": self.body, "requests": list(REQUESTS),
            "cosigners": list(self.cosigners), "publish_wish": "full", "contact_phone": self.lead.phone,
            "kind": "suggestion", **self.fields,
        }
        self.pk = drafting.save_draft(data, actor=self.lead.account, today=OPENED).pk

    def cosigning(self) -> None:
        if self.cosigners:
            drafting.open_cosigning(self.suggestion, actor=self.lead.account, today=OPENED)

    def cosigned(self) -> None:
        case = self.suggestion
        for row in case.cosigners.select_related("deputy__account"):
            drafting.confirm_cosign(row, text_hash=case.text_hash, actor=row.deputy.account, today=OPENED)

    def submitted(self) -> None:
        drafting.submit_suggestion(self.suggestion, actor=self.lead.account, today=OPENED)

    def registered(self) -> None:
        registering.register_suggestion(self.suggestion, actor=self.world.clerk, today=OPENED + timedelta(days=2))

    # ── 交办 ──
    @property
    def choices(self) -> list[Choice]:
        if self.assist is None:
            return [Choice(self.unit.unit, "sole")]
        return [Choice(self.unit.unit, "lead"), Choice(self.assist.unit, "assist")]

    def proposed(self) -> None:
        propose_assignment(self.suggestion, choices=self.choices, actor=self.world.clerk, today=ASSIGNED)

    def assigned(self) -> None:
        assign_suggestion(self.suggestion, actor=self.world.clerk, today=ASSIGNED)

    def accepted(self) -> None:
        receiving.accept_assignment(self.assignment, actor=self.unit.liaison, today=ACCEPTED)
        if self.assist:
            receiving.accept_assignment(self.helper, actor=self.assist.liaison, today=ACCEPTED)

    # ── 办理 ──
    def allotted(self) -> None:
        self._allot(self.assignment, self.unit)
        if self.assist:
            self._allot(self.helper, self.assist)

    def _allot(self, assignment: Assignment, cast: UnitCast) -> None:
        planning.allot_assignment(
            assignment, lead_division=cast.division, officer=cast.posts["officer"],
            responsible_leader=cast.posts["leader"], inner_due_on=assignment.due_on - timedelta(days=5),
            quality_goal="当面沟通，逐条回应", task_note="摸清底数，提出方案", actor=cast.liaison, today=ACCEPTED,
        )

    def contacted(self) -> None:
        self.talk(on=MET)

    def talk(self, *, on: date, kind: str = "visit", stage: str = "before", by: str = "officer") -> Activity:
        """主办单位的人（``by`` 是他的职责）与领衔代表沟通一次。"""
        return contacting.log_activity(
            unit=self.unit.unit, assignments=[self.assignment], kind=kind, stage=stage, happened_on=on,
            members=[self.unit.posts[by]], deputies=[self.lead], content="听取代表对水库除险加固的意见",
            actor=getattr(self.unit, by), today=on,
        )

    def opining(self) -> None:
        if self.assist:
            assisting.save_opinion(
                self.helper, text=f"涉路涉桥的水库一并加固，{self.secret}之意见。",
                document_number=f"湘交建函〔2026〕{self.pk}号",
                signed_by="交通厅副厅长", actor=self.assist.officer, today=MET,
            )

    def opined(self) -> None:
        if self.assist:
            assisting.send_opinion(self.opinion, actor=self.assist.liaison, today=MET)

    def adopted(self) -> None:
        if self.assist:
            assisting.adopt_opinion(self.opinion, adoption="full", actor=self.unit.officer, today=WRITTEN)

    # ── 答复 ──
    def written(self) -> None:
        save_reply(self.assignment, data=self.content(), version=0, actor=self.unit.officer, today=WRITTEN)

    def content(self, **more) -> dict:
        """一份逐条回应的答复。"""
        asked = self.suggestion.requests.order_by("position").values_list("pk", flat=True)
        told = {"A": {}, "C": {"explanation": "现行政策不允许，待上位法修改后再研究。"}}
        items = {pk: ("full", f"第{place}条已办理，{self.secret}之答复。") for place, pk in enumerate(asked, 1)}
        told["B"] = {"promises": [("完成三十座水库除险加固", TODAY + timedelta(days=300), "建设处　张工")]}
        return {
            "result_class": ResultClass.objects.get(code=self.result, scheme="HN-DEFAULT"),
            "items": items, "publication": "full", "contact_name": "李工", "contact_phone": "0731-82210001",
            "assist_note": "会办意见已全部采纳。" if self.assist else "", **told[self.result], **more,
        }

    def checking(self) -> None:
        submit_reply(self.reply, actor=self.unit.officer, today=WRITTEN)

    def agree(self, today: date = SIGNED) -> None:
        """现在该谁审签，谁就同意。"""
        chain = Chain(self.reply, today)
        actor = chain.stage.posts[0].account
        approve_reply(self.reply, version=chain.step.version, opinion="同意", actor=actor, today=today)

    def signed(self) -> None:
        while self.reply.status in ("checking", "reviewing"):
            self.agree()

    def delivered(self) -> None:
        handed = [Handed(row, "by_hand", SENT) for row in self.reply.deliveries.all()]
        delivering.deliver_reply(self.reply, deliveries=handed, actor=self.unit.liaison, today=SENT)

    def rated(self) -> None:
        self.rate(self.delivery, self.overall)

    def rate(self, delivery: Delivery, overall: str = "satisfied", today: date = RATED) -> Evaluation:
        """代表本人填办理意见表。"""
        return evaluating.record_evaluation(
            delivery, attitude="satisfied", outcome=overall, overall=overall, signed_on=today, today=today,
            opinion=f"{UNHAPPY}，{self.secret}之评价" if overall == "dissatisfied" else "",
            actor=delivery.deputy.account,
        )

    def published(self) -> None:
        publishing.publish_reply(self.reply, addresses_checked=True, actor=self.world.clerk, today=RATED)

    # ── 销号 ──
    def applied(self) -> None:
        self.apply(self.entry)

    def apply(self, entry: LedgerEntry) -> None:
        """单位申请销号，附一份佐证。"""
        proof = self.attach("evidence", about=f"ledger:{entry.pk}", actor=self.unit.liaison)
        signing_off.apply_sign_off(
            entry, statement="答复已送达全部代表，意见已落实", evidence=[proof], actor=self.unit.liaison, today=RATED
        )

    def signed_off(self) -> None:
        """全部承办条目核准销号；最后一条销号时件办结。"""
        for entry in LedgerEntry.objects.filter(suggestion=self.pk, kind="handling", status="ready").order_by("pk"):
            signing_off.grant_sign_off(entry, actor=self.world.second_clerk, today=RATED)

    # ── 附件 ──
    def attach(self, purpose: str, *, about: str = "", actor=None, name: str = "材料.txt") -> Attachment:
        hand = actor or self.world.clerk
        return add_attachment(self.suggestion, paper(name), purpose=purpose, about=about, actor=hand)


# ── 岔路 ──
def returned(world: World, **more) -> Journey:
    """退回代表修改。"""
    journey = Journey(world, **more).to("submitted")
    registering.return_to_deputy(journey.suggestion, note="具体建议不明确", actor=world.clerk, today=OPENED)
    return journey


def declined(world: World, **more) -> Journey:
    """不作为建议处理。"""
    journey = Journey(world, **more).to("submitted")
    registering.decline_suggestion(
        journey.suggestion, ground="N9", note="没有实际内容", actor=world.clerk, today=OPENED
    )
    return journey


def merged(world: World, **more) -> Journey:
    """并入另一件的件；主件是 ``journey.main``。"""
    journey, main = Journey(world, **more).to("registered"), Journey(world, **more).to("registered")
    grouping.merge_suggestions(
        journey.suggestion, into=main.suggestion, reason="内容相同", actor=world.clerk, today=OPENED + timedelta(days=3)
    )
    journey.main = main
    return journey


def grouped(world: World, **more) -> Journey:
    """编入相近件组的件；组是 ``journey.suggestion.group``。"""
    one, other = Journey(world, **more).to("registered"), Journey(world, **more).to("registered")
    grouping.group_suggestions(
        [one.suggestion, other.suggestion], name="水库安全", actor=world.clerk, today=OPENED + timedelta(days=3)
    )
    return one


def objected(world: World, **more) -> Journey:
    """承办单位对拟交办提出异议，等裁定；各在自己的交办会上。"""
    journey = Journey(world, **more).to("proposed")
    object_to_proposal(
        journey.proposal, reason="主要职责不在本单位", unit=world.transport.unit if journey.assist is None else
        world.publicity.unit, actor=journey.unit.liaison, today=ASSIGNED,
    )
    return journey


def meeting_for(world: World, **more) -> tuple[AssignmentMeeting, Journey]:
    """一场还没有交办的交办会，列着一件拟交办。"""
    journey = Journey(world, **more).to("proposed")
    row = meeting_actions.prepare_meeting(
        session=world.session, name=f"第{journey.pk}次交办会", held_on=TODAY, place="会议厅", chair="秘书长",
        actor=world.clerk, today=ASSIGNED,
    )
    return row, journey


def return_requested(world: World, **more) -> tuple[ReturnRequest, Journey]:
    """单位申请退回，等裁决。"""
    journey = Journey(world, **more).to("assigned")
    other = world.publicity.unit if journey.unit is not world.publicity else world.transport.unit
    row = request_return(
        journey.assignment, ground="not_ours", reason=f"职责不在本单位，{journey.secret}之退回", proposed_unit=other,
        actor=journey.unit.liaison, today=ASSIGNED + timedelta(days=1),
    )
    return row, journey


def escalated(world: World, **more) -> Journey:
    """再办理后仍不满意，转协调评估，等处理。"""
    journey = Journey(world, overall="dissatisfied", **more).to("rated")
    journey.talk(on=TODAY - timedelta(days=2), stage="during")
    save_reply(journey.assignment, data=journey.content(), version=0, actor=journey.unit.officer, today=TODAY)
    submit_reply(journey.reply, actor=journey.unit.officer, today=TODAY)
    while journey.reply.status in ("checking", "reviewing"):
        journey.agree(TODAY)
    handed = [Handed(row, "by_hand", TODAY) for row in journey.reply.deliveries.all()]
    delivering.deliver_reply(journey.reply, deliveries=handed, actor=journey.unit.liaison, today=TODAY)
    journey.rate(journey.delivery, "dissatisfied", TODAY)
    return journey


def extension_requested(world: World, **more) -> tuple[Extension, Journey]:
    """单位申请延期，等批复。"""
    journey = Journey(world, **more).to("allotted")
    row = request_extension(
        journey.assignment, reason=f"需要跨年度安排资金，{journey.secret}之延期",
        asked_until=journey.assignment.due_on + timedelta(days=30), deputy_told_on=MET, deputy_told_how="电话",
        actor=journey.unit.liaison, today=MET,
    )
    return row, journey
