"""演示的前半程：提出、登记、并案、拟交办、交办会。"""

from __future__ import annotations

from datetime import date, timedelta

from handlers.actions import assigning, meeting, proposing
from handlers.choosing import Choice
from handlers.models import AssignmentRole, Duty
from lianluo.workdays import arithmetic
from suggestions.actions import entering, grouping, registering, withdrawing
from suggestions.models import Category, Suggestion, SuggestionKind

from . import odds, texts
from .agenda import Agenda
from .people import Province

KINDS = ((SuggestionKind.SUGGESTION, 0.9), (SuggestionKind.OPINION, 0.07), (SuggestionKind.CRITICISM, 0.03))
WISHES = (("full", 0.78), ("title", 0.15), ("none", 0.07))


class Intake:
    """收件到交办。``handle`` 是交办之后接手的人：``handle(assignments, day)``。"""

    def __init__(self, province: Province, agenda: Agenda, handle) -> None:
        self.province, self.agenda, self.rng, self.handle = province, agenda, province.rng, handle
        self.categories = {one.name: one for one in Category.objects.filter(parent=None)}
        self.clerk = province.office["shenban"]
        self.registered: list[int] = []

    # ── 提出与登记 ──
    def schedule(self, invented: int) -> None:
        """安排虚构件的提出：绝大多数在大会期间，其余散在闭会之后。"""
        session = self.province.session
        between = min(max(int(invented * odds.BETWEEN), odds.BETWEEN_LEAST), invented)
        days = (session.closed_on - session.opened_on).days
        for _ in range(invented - between):
            day = session.opened_on + timedelta(days=self.rng.randrange(1, days + 1))
            self.agenda.at(day, self.raise_one, hour=9)
        span = max((self.agenda.until - session.closed_on).days, 40)
        for _ in range(between):
            dice = self.rng.random()
            back = 14 if dice < odds.LATEST else 100 if dice < odds.LATEST + odds.RECENT else span
            earliest = max(span - back, 30)
            self.agenda.at(session.closed_on + timedelta(days=self.rng.randrange(earliest, span + 1)), self.raise_one)

    def raise_one(self, day: date) -> None:
        """一件纸质建议由工作人员录入。"""
        rng = self.rng
        lead = rng.choice(self.province.deputies)
        mates = [one for one in self.province.deputies if one.delegation_id == lead.delegation_id and one != lead]
        cosigners = rng.sample(mates, min(len(mates), rng.randrange(1, 5))) if rng.random() < odds.JOINT else []
        title = texts.invented_title(rng)
        body, asks = texts.body_for(title, rng)
        case = entering.enter_suggestion(
            {
                "session": self.province.session,
                "kind": odds.pick(rng, KINDS),
                "title": title,
                "body": body,
                "requests": asks,
                "lead_deputy": lead,
                "cosigners": cosigners,
                "publish_wish": odds.pick(rng, WISHES),
                "contact_phone": lead.phone,
                "regions": [lead.delegation.prefecture],
                "submitted_on": day,
                "publish_wish_reason": "",
                "wants_meeting": rng.random() < 0.3,
            },
            actor=self.clerk,
            today=day,
        )
        base = max(day, self.province.session.closed_on)  # 工作簿的编号在前，会后依次登记
        self.agenda.after(base, rng.randrange(1, 5), lambda on: self.review(case.pk, on), hour=11)

    def review(self, pk: int, day: date) -> None:
        """审查：绝大多数立案登记，少数退回修改或不作为建议。"""
        case, dice = Suggestion.objects.get(pk=pk), self.rng.random()
        if case.status != "submitted" or (self.agenda.leaves_open(day, 3) and self.rng.random() < odds.LEFT):
            return
        if dice < odds.DECLINED:
            registering.decline_suggestion(
                case,
                ground="N9",
                note="没有提出具体问题和建议，已电话告知代表",
                told_how="电话",
                actor=self.clerk,
                today=day,
            )
        elif dice < odds.DECLINED + odds.SENT_BACK:
            registering.return_to_deputy(case, note="具体建议不明确，补充后再提交", actor=self.clerk, today=day)
            self.agenda.after(day, self.rng.randrange(2, 8), lambda on: self.resubmit(pk, on))
        else:
            self.register(case, day)

    def resubmit(self, pk: int, day: date) -> None:
        case = Suggestion.objects.get(pk=pk)
        entering.correct_entry(
            case, {"body": case.body + "\n补充：建议由牵头部门列出年度任务。"}, actor=self.clerk, today=day
        )
        self.agenda.after(day, 2, lambda on: self.register(Suggestion.objects.get(pk=pk), on))

    def register(self, case: Suggestion, day: date) -> None:
        category = self.categories.get(texts.category_of(case.title))
        registering.register_suggestion(case, category=category, actor=self.clerk, today=day)
        self.take(case.pk, day)

    def take(self, pk: int, day: date) -> None:
        """登记之后：会议件等交办会，闭会件随到随交办。"""
        if day <= self.meeting_day:
            self.registered.append(pk)
        else:
            self.agenda.after(day, self.rng.randrange(1, 6), lambda on: self.assign(pk, on))

    # ── 交办 ──
    def plan_meeting(self, day: date) -> None:
        """定下交办会的日子；之前拟办、可提异议，当天一次交办。"""
        self.meeting_day = day
        self.agenda.at(day - timedelta(days=6), self.prepare, hour=9)
        self.agenda.at(day - timedelta(days=2), self.object_and_decide, hour=9)
        self.agenda.at(day, self.hand_over, hour=15)

    def prepare(self, day: date) -> None:
        """并案、拟交办、归入交办会。"""
        self.merge_alike(day)
        for case in Suggestion.objects.filter(pk__in=self.registered, status="registered"):
            proposing.propose_assignment(case, choices=self.choices(case), actor=self.clerk, today=day)
        self.meeting = meeting.prepare_meeting(
            session=self.province.session,
            name="省人大代表建议交办会",
            held_on=self.meeting_day,
            place="省人大常委会会议厅",
            chair="省人大常委会办公厅",
            actor=self.clerk,
            today=day,
        )

    def merge_alike(self, day: date) -> None:
        """标题相同的并案，另按比例并几件同题材的。"""
        seen: dict[str, Suggestion] = {}
        for case in Suggestion.objects.filter(pk__in=self.registered, status="registered").order_by("number"):
            main = seen.setdefault(case.title, case)
            if main.pk != case.pk and self.rng.random() < 0.6:
                grouping.merge_suggestions(case, into=main, reason="内容相同", actor=self.clerk, today=day)

    def choices(self, case: Suggestion) -> list[Choice]:
        """交给谁：主办按题材，会办一到三个，少数分办。"""
        rng, units = self.rng, self.province.units
        lead = units[texts.unit_for(case.title, rng)].unit
        dice = rng.random()
        if dice < odds.SOLE:
            return [Choice(lead, AssignmentRole.SOLE)]
        others = [
            one.unit
            for one in units.values()
            if one.unit.pk != lead.pk and one.unit.kind in ("government", "prefecture")
        ]
        weights = [4 if one.code in ("HN-CZT", "HN-FGW", "HN-ZRT") else 1 for one in others]
        helpers = list(dict.fromkeys(rng.choices(others, weights, k=rng.choice((1, 1, 2, 2, 3)))))
        if dice < odds.SOLE + odds.SEPARATE:
            parts = [
                Choice(lead, AssignmentRole.SEPARATE, "第一条建议"),
                Choice(helpers[0], AssignmentRole.SEPARATE, "第二条建议"),
            ]
            return parts
        return [Choice(lead, AssignmentRole.LEAD), *(Choice(unit, AssignmentRole.ASSIST) for unit in helpers)]

    def object_and_decide(self, day: date) -> None:
        """少数单位会前提异议，办公室裁定。"""
        for proposal in list(self.meeting.proposals.select_related("unit", "suggestion")):
            if self.rng.random() >= odds.OBJECTED:
                continue
            people = self.province.of_unit(proposal.unit_id)
            taken = set(proposal.suggestion.proposals.values_list("unit_id", flat=True))
            other = next(one.unit for one in self.province.units.values() if one.unit.pk not in taken)
            proposing.object_to_proposal(
                proposal,
                reason="主要职责不在本单位，建议改由更合适的单位承办",
                unit=other,
                actor=people.account(Duty.LIAISON),
                today=day,
            )
            upheld = self.rng.random() < 0.6
            proposing.decide_objection(
                proposal,
                upheld=upheld,
                note="维持原拟" if upheld else "同意改交",
                new_unit=None if upheld else other,
                actor=self.clerk,
                today=day,
            )

    def hand_over(self, day: date) -> None:
        result = meeting.hand_over(self.meeting, actor=self.clerk, today=day)
        self.handle(result.meeting.assignments.all(), day)

    def assign(self, pk: int, day: date) -> None:
        """闭会期间逐件交办；最近的留几件在交办台上，有的已经拟好。"""
        case = Suggestion.objects.get(pk=pk)
        if case.status != "registered":
            return
        if self.agenda.leaves_open(day, 8) and self.rng.random() < odds.LEFT:
            if self.rng.random() < odds.LEFT:
                proposing.propose_assignment(case, choices=self.choices(case), actor=self.clerk, today=day)
        else:
            self.handle(assigning.assign_suggestion(case, choices=self.choices(case), actor=self.clerk, today=day), day)

    def withdraw_some(self, day: date) -> None:
        """交办前少数代表撤回。"""
        for pk in list(self.registered):
            if self.rng.random() < odds.WITHDRAWN:
                case = Suggestion.objects.get(pk=pk)
                withdrawing.withdraw_suggestion(
                    case,
                    reason="代表来函撤回",
                    consented=list(case.cosigners.all()),
                    consent_how="来函",
                    actor=self.clerk,
                    today=day,
                )
                self.registered.remove(pk)


def meeting_day(closed_on: date, calendar) -> date:
    """闭会后一个月之内开交办会（上海条例第十五条）。"""
    return arithmetic.roll_back(arithmetic.add_months(closed_on, 1), calendar)
