"""演示的中段：签收、退回、分派、沟通、会办意见、延期、答复、审签、送达。"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import BigIntegerField

from handlers.actions import (
    approving,
    assisting,
    contacting,
    delivering,
    drafting_reply,
    extending,
    planning,
    receiving,
    returning,
)
from handlers.mechanisms import presets
from handlers.mechanisms.base import Door
from handlers.models import ActivityKind, Assignment, Duty, Reply, ResultClass, ReturnRequest
from lianluo.statements import Blank, Statement
from lianluo.workdays import arithmetic

from . import odds, texts
from .agenda import Agenda
from .people import Province
from .playing import Player

MEETS = (ActivityKind.VISIT, ActivityKind.TALK, ActivityKind.ON_SITE, ActivityKind.BY_THE_WAY)
REMOTE = (ActivityKind.PHONE, ActivityKind.PHONE, ActivityKind.MESSAGE, ActivityKind.LETTER)


FRESH = Statement(
    lambda: Assignment.objects.select_related("suggestion__lead_deputy", "suggestion__session", "unit")
    .filter(pk=Blank("pk", BigIntegerField())).order_by()
)


def fresh(pk: int) -> Assignment:
    return FRESH.first(pk=pk)


class Handling:
    """一个承办关系从签收到送达。``closing`` 接手送达之后的事。"""

    def __init__(self, province: Province, agenda: Agenda, closing) -> None:
        self.province, self.agenda, self.rng, self.closing = province, agenda, province.rng, closing
        self.classes = {one.code: one for one in ResultClass.objects.filter(scheme="HN-DEFAULT")}

    def begin(self, assignments: Iterable[Assignment], day: date) -> None:
        for one in assignments:
            wait = self.rng.randrange(5, 9) if self.rng.random() < odds.LATE_ACCEPT else self.rng.randrange(0, 4)
            self.agenda.after(day, wait, lambda on, pk=one.pk: self.accept(pk, on), hour=14)

    def people(self, one: Assignment):
        return self.province.of_unit(one.unit_id)

    # ── 签收、退回、分派 ──
    def accept(self, pk: int, day: date) -> None:
        one = fresh(pk)
        if one.status != "pending" or (self.agenda.leaves_open(day, 6) and self.rng.random() < odds.LEFT):
            return
        receiving.accept_assignment(one, actor=self.people(one).account(Duty.LIAISON), today=day)
        returned = odds.RETURNED_LATELY if self.agenda.leaves_open(day, 15) else odds.RETURNED
        if one.replaces_id is None and one.role != "assist" and self.rng.random() < returned:
            self.agenda.after(day, self.rng.randrange(1, 5), lambda on: self.ask_return(pk, on))
        else:
            self.agenda.after(day, self.rng.randrange(1, 5), lambda on: self.allot(pk, on))

    def ask_return(self, pk: int, day: date) -> None:
        one = fresh(pk)
        window = one.dues.filter(rule_code="return_days").first()
        if one.status != "accepted" or (window and window.due_on < day):
            self.allot(pk, day)
            return
        taken = set(one.suggestion.assignments.values_list("unit_id", flat=True))
        other = self.rng.choice([p.unit for p in self.province.units.values() if p.unit.pk not in taken])
        again = ReturnRequest.objects.filter(assignment__suggestion=one.suggestion_id).exists()
        request = returning.request_return(
            one,
            ground="not_ours",
            reason="经研究，所提事项主要职责不在本单位",
            proposed_unit=other,
            head_signed=again,
            actor=self.people(one).account(Duty.LIAISON),
            today=day,
        )
        if not self.agenda.leaves_open(day, 12):
            self.agenda.after(day, self.rng.randrange(2, 8), lambda on: self.decide_return(request.pk, on))

    def decide_return(self, pk: int, day: date) -> None:
        request = ReturnRequest.objects.select_related("assignment__unit", "proposed_unit").get(pk=pk)
        one = request.assignment
        granted = self.rng.random() < odds.RETURN_GRANTED
        by_government = one.unit.is_government and not request.head_signed
        who = self.province.office["zhengfuban" if by_government else "shenban"]
        returning.decide_return(
            request,
            granted=granted,
            note="同意改办" if granted else "属于本单位职责，继续办理",
            new_unit=request.proposed_unit if granted else None,
            actor=who,
            today=day,
        )
        if granted:
            self.begin(Assignment.objects.filter(replaces=one), day)
        else:
            self.agenda.after(day, 1, lambda on: self.allot(one.pk, on))

    def allot(self, pk: int, day: date) -> None:
        one = fresh(pk)
        if one.status != "accepted":
            return
        people = self.people(one)
        officer = self.rng.choice(people.posts[Duty.OFFICER])
        inner = max(day, one.due_on - timedelta(days=10)) if one.due_on >= day else day
        planning.allot_assignment(
            one,
            lead_division=officer.division,
            officer=officer,
            responsible_leader=people.post(Duty.DEPUTY_HEAD),
            inner_due_on=min(inner, max(one.due_on, day)),
            quality_goal="见面沟通，代表满意",
            task_note="逐条研究所提建议，提出措施和时限",
            actor=people.account(Duty.LIAISON),
            today=day,
        )
        if one.role == "assist":
            self.plan_opinion(one, day)
        else:
            self.plan_reply(one, day)

    # ── 会办 ──
    def plan_opinion(self, one: Assignment, day: date) -> None:
        left = max((one.due_on - day).days, 2)
        late = self.rng.random() < odds.LATE_OPINION
        wait = left + self.rng.randrange(2, 9) if late else self.rng.randrange(1, left)
        self.agenda.at(day + timedelta(days=wait), lambda on: self.opine(one.pk, on))

    def opine(self, pk: int, day: date) -> None:
        one = fresh(pk)
        if one.status != "handling":
            return
        people = self.people(one)
        opinion = assisting.save_opinion(
            one,
            text=f"我单位对《{one.suggestion.title}》研究认为，所提建议符合实际，将在职责范围内配合落实。",
            document_number=f"{one.unit.short}函〔{day.year}〕{one.pk}号",
            signed_by=people.post(Duty.DEPUTY_HEAD).name,
            actor=people.account(Duty.OFFICER),
            today=day,
        )
        assisting.send_opinion(opinion, actor=people.account(Duty.LIAISON), today=day)

    # ── 沟通与答复 ──
    def plan_reply(self, one: Assignment, day: date) -> None:
        """办前、办中沟通；答复多在到期前，少数延期，个别逾期。"""
        left = max((one.due_on - day).days, 6)
        self.agenda.at(
            day + timedelta(days=min(self.rng.randrange(2, 22), left - 3)), lambda on: self.talk(one.pk, "before", on)
        )
        self.agenda.at(day + timedelta(days=left // 2), lambda on: self.talk(one.pk, "during", on))
        dice = self.rng.random()
        if dice < odds.LATE_REPLY:
            draft = left + self.rng.randrange(2, 20)
        else:
            draft = max(left - self.rng.choice((4, 6, 8, 10, 15, 20, 30)), left // 2 + 1)
        lately = one.due_on > self.agenda.until
        if dice > 1 - (odds.EXTENDED_LATELY if lately else odds.EXTENDED):
            self.agenda.at(one.due_on - timedelta(days=8), lambda on: self.ask_extension(one.pk, on))
            draft = left + 20
        self.agenda.at(day + timedelta(days=draft), lambda on: self.draft(one.pk, on))

    def talk(self, pk: int, stage: str, day: date) -> None:
        one = fresh(pk)
        if one.status not in ("handling", "answered", *(("concluded",) if stage == "after" else ())):
            return
        people = self.people(one)
        meets = self.rng.random() < (0.8 if stage == "during" else 0.4)
        posts = [one.allotments.get(role="lead").officer]
        if stage == "during" or self.rng.random() < 0.3:
            posts.append(people.post(Duty.DIVISION_HEAD))
        kind = self.rng.choice(MEETS if meets else REMOTE)
        if kind == ActivityKind.ON_SITE and presets.OFFICE_OF_UNIT.get(one.unit.code) == "KJ":
            kind = ActivityKind.VISIT  # 那里的现场办理由分管领导带队，另外安排
        contacting.log_activity(
            unit=one.unit,
            assignments=[one],
            kind=kind,
            stage=stage,
            happened_on=day,
            members=posts,
            deputies=[one.suggestion.lead_deputy],
            content=texts.CONTACTS[stage],
            place="代表所在单位" if meets else "",
            deputy_view=self.rng.choice(texts.VIEWS),
            actor=posts[0].account,
            today=day,
        )

    def ask_extension(self, pk: int, day: date) -> None:
        one = fresh(pk)
        if one.status != "handling" or one.due_on < day:
            return
        row = extending.request_extension(
            one,
            reason="涉及多个部门，需会商后确定资金来源",
            asked_until=one.due_on + timedelta(days=30),
            deputy_told_on=day,
            deputy_told_how="电话",
            actor=self.people(one).account(Duty.LIAISON),
            today=day,
        )
        who = self.province.office["zhengfuban" if one.unit.is_government else "shenban"]
        if self.agenda.leaves_open(day, 12):
            return
        self.agenda.after(
            day,
            2,
            lambda on: extending.decide_extension(
                row, granted=True, granted_until=row.asked_until, note="同意延期，抓紧办理", actor=who, today=on
            ),
        )

    def draft(self, pk: int, day: date) -> None:
        """拟稿送审；会办意见没到先催，隔几天再来。"""
        one = fresh(pk)
        if one.status != "handling":
            return
        if self._waits_for_opinions(one, day):
            self.agenda.after(day, 3, lambda on: self.draft(pk, on))
            return
        if one.round > 1 or not one.activities.exists():
            self.talk(pk, "before", day)
        player = Player(self.province, one, day)
        if player.ready(Door.DRAFT) or player.ready(Door.CLASSIFY):
            self.agenda.after(day, 3, lambda on: self.draft(pk, on))
            return
        writer = one.allotments.get(role="lead").officer.account
        reply = drafting_reply.save_reply(one, data=self._content(one, day), actor=writer, today=day)
        player.ready(Door.SUBMIT)
        reply = approving.submit_reply(reply, actor=writer, today=day)
        self.agenda.after(day, 1, lambda on: self.approve(reply.pk, on))

    def _waits_for_opinions(self, one: Assignment, day: date) -> bool:
        helpers = Assignment.objects.live().filter(suggestion=one.suggestion_id, role="assist")
        for helper in helpers.filter(status__in=("pending", "accepted", "handling", "return_requested")):
            last = assisting.last_urged(helper)
            if helper.due_on >= day or last is None:
                if last is None or last < day:
                    assisting.urge_opinion(helper, actor=self.people(one).account(Duty.LIAISON), today=day)
                return one.due_on > day or last is None
        return False

    def _content(self, one: Assignment, day: date) -> dict:
        code = odds.pick(self.rng, odds.CLASSES)
        people, measure = self.people(one), texts.measure_for(one.suggestion.title)
        officer = one.allotments.get(role="lead").officer
        requests = list(one.suggestion.requests.all())
        answers = {
            request.pk: (
                "full" if code == "A" else "part" if code == "B" else "none",
                f"关于“{request.text.rstrip('；。')}”，我单位{measure}。",
            )
            for request in requests
        } or {None: ("full", f"关于所提建议，我单位{measure}。")}
        late = (
            Assignment.objects.live()
            .filter(suggestion=one.suggestion_id, role="assist")
            .exclude(status__in=("answered", "concluded"))
        )
        return {
            "result_class": self.classes[code],
            "items": answers,
            "publication": "full",
            "explanation": "受国家政策和财力限制，目前条件尚不具备，待条件成熟后研究推进。" if code == "C" else "",
            "promises": self._promises(code, people, officer, measure, day),
            "adoptions": {
                helper.opinion.pk: ("full", "")
                for helper in Assignment.objects.live()
                .filter(suggestion=one.suggestion_id, role="assist", opinion__status="sent")
                .select_related("opinion")
            }
            if one.role == "lead"
            else {},
            "assist_note": "已采纳会办单位意见。" if one.role == "lead" else "",
            "missing_opinions_reason": "会办意见经催办仍未送达" if late.exists() else "",
            "contact_name": officer.name,
            "contact_phone": officer.phone,
        }

    def _promises(self, code: str, people, officer, measure: str, day: date) -> list[tuple]:
        if code != "B":
            return []
        due = arithmetic.add_months(day, self.rng.choice((2, 4, 6, 9, 12)))
        return [(f"{measure}，并向代表反馈进展"[:200], due, f"{officer.division.name} {officer.name}")]

    def approve(self, pk: int, day: date) -> None:
        """一环一环审签；个别退回修改一次。"""
        reply = Reply.objects.select_related("assignment__unit", "assignment__suggestion__lead_deputy").get(pk=pk)
        if reply.status not in ("checking", "reviewing") or (
            self.agenda.leaves_open(day, 3) and self.rng.random() < odds.LEFT
        ):
            return
        step = reply.approvals.filter(
            agreed__isnull=True, attempt=reply.approvals.order_by("-attempt").first().attempt
        ).first()
        who = self._decider(reply, step)
        Player(self.province, reply.assignment, day).ready(Door.SIGN)
        approving.approve_reply(reply, version=reply.version, opinion="同意", actor=who, today=day)
        reply.refresh_from_db()
        if reply.status == "signed":
            self.agenda.after(day, self.rng.randrange(1, 4), lambda on: self.deliver(pk, on))
        else:
            self.agenda.after(day, self.rng.choice((0, 1, 1)), lambda on: self.approve(pk, on))

    def _decider(self, reply: Reply, step):
        people = self.people(reply.assignment)
        duty = {
            "division": Duty.DIVISION_HEAD,
            "office": Duty.LIAISON,
            "leader": Duty.DEPUTY_HEAD,
            "head": Duty.HEAD,
        }[step.step]
        division = reply.assignment.allotments.get(role="lead").division if duty == Duty.DIVISION_HEAD else None
        return people.account(duty, division)

    def deliver(self, pk: int, day: date) -> None:
        reply = Reply.objects.select_related("assignment__unit", "assignment__suggestion__lead_deputy").get(pk=pk)
        if reply.status != "signed":
            return
        Player(self.province, reply.assignment, day).ready(Door.DELIVER)
        means = self.rng.choice(("post", "by_hand", "online"))
        handed = [delivering.Handed(row, means=means, delivered_on=day) for row in reply.deliveries.all()]
        delivering.deliver_reply(
            reply, deliveries=handed, actor=self.people(reply.assignment).account(Duty.LIAISON), today=day
        )
        if self.rng.random() < 0.6:
            self.agenda.after(day, 1, lambda on: self.talk(reply.assignment_id, "after", on))
        self.closing.follow(pk, day)
