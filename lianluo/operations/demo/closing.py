"""演示的后程：公开、测评、再办理、协调评估、承诺进展、销号。"""

from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from handlers.actions import contacting, evaluating, publishing, rehandling
from handlers.models import Assignment, Delivery, Duty, Reply
from lianluo.workdays import arithmetic
from suggestions.actions.attaching import add_attachment
from suggestions.models import Purpose, Suggestion
from supervision.actions import progress, signing_off
from supervision.conditions import conditions
from supervision.models import LedgerEntry

from . import odds, texts
from .agenda import Agenda
from .people import Province


def paper(name: str, text: str) -> SimpleUploadedFile:
    """一份小附件。"""
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


class Closing:
    """送达之后。``handling`` 由编排者接上，再办理要回到它。"""

    def __init__(self, province: Province, agenda: Agenda) -> None:
        self.province, self.agenda, self.rng = province, agenda, province.rng
        self.handling = None

    def follow(self, pk: int, day: date) -> None:
        """公开审定、填意见表、不填的催。"""
        self.agenda.after(day, self.rng.randrange(5, 16), lambda on: self.publish(pk, on))
        for row in Delivery.objects.filter(reply=pk):
            if row.is_lead and self.rng.random() < odds.RETURNS_FORM:
                self.agenda.after(day, self.rng.randrange(2, 18), lambda on, at=row.pk: self.rate(at, on))
            elif row.is_lead:
                self.agenda.after(day, 12, lambda on, at=row.pk: self.urge(at, on))
                self.agenda.after(day, 19, lambda on, at=row.pk: self.urge(at, on))
                self.agenda.after(day, 22, lambda on: self.give_up(pk, on))
            elif self.rng.random() < odds.COSIGNER_RATES:
                self.agenda.after(day, self.rng.randrange(2, 18), lambda on, at=row.pk: self.rate(at, on))

    def publish(self, pk: int, day: date) -> None:
        reply = Reply.objects.select_related("assignment__suggestion").get(pk=pk)
        if reply.status != "delivered" or reply.published_at or reply.withheld_reason:
            return
        clerk = self.province.office["duban"]
        if self.rng.random() < odds.WITHHELD:
            publishing.withhold_reply(reply, reason="涉及尚未公开的规划内容", actor=clerk, today=day)
        else:
            publishing.publish_reply(reply, addresses_checked=True, actor=clerk, today=day)
        self.plan_sign_off(reply.assignment_id, day)

    # ── 测评 ──
    def rate(self, pk: int, day: date) -> None:
        """代表本人在网上填，或办公室凭纸质表代录。"""
        row = Delivery.objects.select_related("reply__assignment__suggestion", "deputy__account").get(pk=pk)
        if hasattr(row, "evaluation") or evaluating.closed_because(row):
            return
        mark = self._mark(row)
        unhappy = mark == "dissatisfied"
        by_paper = self.rng.random() < odds.BY_PAPER
        clerk = self.province.office["duban"]
        scan = (
            add_attachment(
                row.suggestion,
                paper("意见表.txt", "纸质办理意见表扫描件（演示）"),
                purpose=Purpose.EVALUATION,
                about=f"delivery:{row.pk}",
                actor=clerk,
            )
            if by_paper
            else None
        )
        evaluating.record_evaluation(
            row,
            attitude="basically" if unhappy else "satisfied",
            outcome=mark,
            overall=mark,
            opinion=self.rng.choice(texts.DISSATISFIED) if unhappy else "",
            contact_means=["phone", "visit"],
            on_point="part" if unhappy else "yes",
            by_proxy=by_paper,
            scan=scan,
            actor=clerk if by_paper else row.deputy.account,
            today=day,
        )
        self.after_rating(row, day)

    def _mark(self, row: Delivery) -> str:
        dice = self.rng.random()
        limit = odds.AGAIN_DISSATISFIED if row.reply.round > 1 else odds.DISSATISFIED
        if dice < limit and row.is_lead:
            return "dissatisfied"
        return "basically" if dice < limit + odds.BASICALLY else "satisfied"

    def after_rating(self, row: Delivery, day: date) -> None:
        one = Assignment.objects.select_related("suggestion").get(pk=row.reply.assignment_id)
        if one.status == "handling":
            left = max((one.due_on - day).days, 6)
            self.agenda.at(day + timedelta(days=3), lambda on: self.handling.talk(one.pk, "before", on))
            self.agenda.at(day + timedelta(days=max(left - 7, 4)), lambda on: self.handling.draft(one.pk, on))
        elif one.suggestion.status == "escalated":
            self.agenda.after(day, 15, lambda on: self.settle(one.suggestion_id, on))
        elif one.status == "concluded":
            self.plan_sign_off(one.pk, day)

    def settle(self, pk: int, day: date) -> None:
        case = Suggestion.objects.get(pk=pk)
        if not case.escalations.filter(again__isnull=True).exists():
            return
        rehandling.settle_escalation(
            case,
            again=False,
            note="组织单位和专家评估，当面向代表作了专门说明",
            actor=self.province.office["shenban"],
            today=day,
        )
        for one in case.assignments.filter(status="concluded"):
            self.plan_sign_off(one.pk, day)

    def urge(self, pk: int, day: date) -> None:
        row = Delivery.objects.select_related("reply__assignment").get(pk=pk)
        one = row.reply.assignment
        waiting = row.delivered_on and not hasattr(row, "evaluation") and one.status == "answered"
        if waiting and one.round == row.reply.round:
            evaluating.urge_evaluation(row, actor=self.province.office["duban"], today=day)

    def give_up(self, pk: int, day: date) -> None:
        reply = Reply.objects.select_related("assignment").get(pk=pk)
        if evaluating.close_unreturned(reply, actor=None, today=day):
            self.plan_sign_off(reply.assignment_id, day)

    # ── 销号 ──
    def plan_sign_off(self, pk: int, day: date) -> None:
        if self.rng.random() < odds.APPLIES:
            self.agenda.after(day, self.rng.randrange(2, 20), lambda on: self.apply(pk, on))

    def apply(self, pk: int, day: date) -> None:
        """单位申请销号；条件不齐的先不申请，C 类补一次处长沟通。"""
        entry = LedgerEntry.objects.select_related("assignment__unit", "suggestion").get(assignment=pk, kind="handling")
        if entry.status != "open" or entry.closed_on:
            return
        lacking = conditions(entry)
        if any("处级以上" in str(item) for item in lacking):
            self._talk_higher(entry.assignment, day)
            lacking = conditions(entry)
        if lacking:
            return
        liaison = self.province.of_unit(entry.unit_id).account(Duty.LIAISON)
        proof = add_attachment(
            entry.suggestion,
            paper("办理佐证.txt", "落实情况说明和现场记录（演示）"),
            purpose=Purpose.EVIDENCE,
            about=f"ledger:{entry.pk}",
            actor=liaison,
        )
        signing_off.apply_sign_off(
            entry,
            statement="答复已送达全部代表，意见已落实或已说明，申请销号",
            evidence=[proof],
            actor=liaison,
            today=day,
        )

    def _talk_higher(self, one: Assignment, day: date) -> None:
        people = self.province.of_unit(one.unit_id)
        contacting.log_activity(
            unit=one.unit,
            assignments=[one],
            kind="talk",
            stage="after",
            happened_on=day,
            members=[people.post(Duty.DIVISION_HEAD)],
            deputies=[one.suggestion.lead_deputy],
            content="处长当面向代表说明暂不能解决的原因。",
            place="代表所在单位",
            actor=people.account(Duty.DIVISION_HEAD),
            today=day,
        )

    def grant_weekly(self, day: date) -> None:
        """每周集中核准；最近一周的留着，工作台上才有待办。"""
        ready = LedgerEntry.objects.filter(status="ready", closed_on__isnull=True)
        if (self.agenda.until - day).days > 7:
            signing_off.grant_many(ready, actor=self.province.office["hexiao"], today=day)
        self.agenda.at(day + timedelta(days=7), self.grant_weekly, hour=16)

    # ── 承诺 ──
    def follow_promises(self, day: date) -> None:
        """每月报一次承诺进展；到期的多数兑现并再次告知代表后申请销号。"""
        for entry in LedgerEntry.objects.filter(kind="promise", status="open").select_related(
            "assignment__unit", "suggestion"
        ):
            if self.rng.random() < 0.5:
                self._report(entry, day)
            if entry.due_on <= day and self.rng.random() < 0.8:
                self._fulfil(entry, day)
        self.agenda.at(arithmetic.add_months(day, 1), self.follow_promises, hour=15)

    def _report(self, entry: LedgerEntry, day: date, *, finished: bool = False) -> None:
        """进展一次比一次多，兑现的那次是全部。"""
        total = 10 * (1 + entry.suggestion.number % 3)
        done = total if finished else min(total * (entry.progress.count() + 1) // 8, total - 1)
        progress.add_progress(
            entry,
            text="已全部完成" if finished else "按计划推进",
            figure=f"已完成 {done} 项，共 {total} 项",
            happened_on=day,
            actor=self.province.of_unit(entry.unit_id).account(Duty.OFFICER),
            today=day,
        )

    def _fulfil(self, entry: LedgerEntry, day: date) -> None:
        self._report(entry, day, finished=True)
        self.handling.talk(entry.assignment_id, "after", day)
        if conditions(entry):
            return
        liaison = self.province.of_unit(entry.unit_id).account(Duty.LIAISON)
        proof = add_attachment(
            entry.suggestion,
            paper("兑现佐证.txt", "承诺事项完成情况（演示）"),
            purpose=Purpose.EVIDENCE,
            about=f"ledger:{entry.pk}",
            actor=liaison,
        )
        signing_off.apply_sign_off(
            entry, statement="承诺事项已完成，已再次告知代表", evidence=[proof], actor=liaison, today=day
        )
