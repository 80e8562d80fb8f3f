"""演示照机制办：过一道门之前，缺什么就做什么，做法一条机制一个小函数。"""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from handlers.actions import (
    consulting,
    contacting,
    field_planning,
    investigating,
    rectifying,
    sheeting,
    solving,
    writing,
)
from handlers.actions.plan_steps import Row
from handlers.mechanisms import gates
from handlers.mechanisms.base import Door
from handlers.mechanisms.facts import Case
from handlers.mechanisms.science import SETTLED
from handlers.models import Assignment, Duty, Nature, Plan, PlanKind, PlanStatus, PolicyMaking, ResultClass, Way
from handlers.ways import KIND_OF_WAY, recommend
from lianluo.statemachine import Missing

from .people import Province

#: 最多做几遍：做完一样，可能又露出下一样
TURNS = 8
DOERS: dict[str, Callable] = {}


def doer(*codes: str):
    """登记一条机制的做法。"""
    def keep(function):
        DOERS.update(dict.fromkeys(codes, function))
        return function
    return keep


class Player:
    """一件在某一天照机制办。"""

    def __init__(self, province: Province, assignment: Assignment, day: date) -> None:
        self.province, self.day, self.rng = province, day, province.rng
        self.assignment = assignment
        self.people = province.of_unit(assignment.unit_id)

    @property
    def case(self) -> Case:
        """此刻的事实，每次重取。"""
        return Case(self.assignment, self.day)

    def ready(self, door: Door) -> list[Missing]:
        """做到没有缺的，或者没有办法；返回还缺的。"""
        for _ in range(TURNS):
            lacking = gates.missing(self.case, door)
            codes = [code for code in dict.fromkeys(one.code for one in lacking) if code in DOERS]
            if not codes:
                return lacking
            DOERS[codes[0]](self)
        return gates.missing(self.case, door)

    def officer(self):
        return self.assignment.allotments.get(role="lead").officer

    def talk(self, post, stage: str, **more) -> None:
        """与领衔代表沟通一次。"""
        values = {"kind": "phone", "content": "与代表沟通办理情况，听取意见。", **more}
        contacting.log_activity(
            unit=self.assignment.unit, assignments=[self.assignment], stage=stage, happened_on=self.day,
            members=[post], deputies=[self.assignment.suggestion.lead_deputy],
            actor=post.account or self.officer().account, today=self.day, **values,
        )

    def fill(self, **data) -> None:
        """填办理单。"""
        sheeting.save_sheet(self.assignment, data=data, actor=self.officer().account, today=self.day)


@doer("CZ-08")
def direct(player: Player) -> None:
    player.talk(player.people.post(Duty.DIVISION_HEAD), "before", intent="希望把所提的事办实，说清时间和资金")


@doer("JT-08")
def ask_intent(player: Player) -> None:
    player.talk(player.officer(), "before", intent="希望把所提的事办实，说清时间和资金")


@doer("JT-02")
def intend_class(player: Player) -> None:
    codes = player.rng.choice(("A", "A", "B", "B", "C"))
    player.fill(intended_class=ResultClass.objects.get(scheme="HN-DEFAULT", code=codes))


@doer("JT-03")
def head_writes(player: Player) -> None:
    case = player.assignment.suggestion
    writing.write_leader_letter(
        player.assignment, text=f"{case.lead_deputy.name}代表：\n您所提的事，目前条件还不具备，原因已在答复中说明。"
        "我们把它列入下一步研究，有进展随时向您报告。", sent_on=player.day, means="邮寄",
        actor=player.people.account(Duty.LIAISON), today=player.day,
    )


@doer("JT-04")
def leader_talks(player: Player) -> None:
    player.talk(player.people.post(Duty.DEPUTY_HEAD), "during")


@doer("JT-05")
def division_head_talks(player: Player) -> None:
    player.talk(player.people.post(Duty.DIVISION_HEAD), "during")


@doer("JT-06")
def officer_talks(player: Player) -> None:
    player.talk(player.officer(), "during")


@doer("JT-10")
def negotiate(player: Player) -> None:
    if any(row.agreement == "none" for row in player.case.contacts_in("during")):
        sheeting.note_disagreement(
            player.assignment, note="政策已解释清楚，如期答复，继续沟通", actor=player.people.account(Duty.DEPUTY_HEAD),
            today=player.day,
        )
        return
    player.talk(
        player.officer(), "during", explained="现行政策与资金安排", agreed_measures="分步实施，先办条件具备的",
        agreement=player.rng.choice(("full", "full", "part")),
    )


@doer("JT-11")
def tell_after(player: Player) -> None:
    player.talk(player.officer(), "after", content="把正式答复的内容当面（电话）告知代表。")


@doer("MZ-02")
def decide_nature(player: Player) -> None:
    kinds = (Nature.SUGGESTION, Nature.SUGGESTION, Nature.OPINION, Nature.OPINION, Nature.CRITICISM)
    player.fill(nature=player.rng.choice(kinds))


@doer("MZ-03")
def name_basis(player: Player) -> None:
    player.fill(policy_basis="按现行政策文件有关条款办理")


@doer("MZ-07")
def plan_solution(player: Player) -> None:
    due = player.day + timedelta(days=90)
    leader = player.assignment.responsible_leader
    measure = Row("摸清底数，分批落实", leader=leader, person=player.officer(), due_on=due)
    solving.draft_solution(
        player.assignment, text="按政策规定逐户核实，符合条件的纳入保障。", expected="所提问题基本解决",
        expected_on=due, measures=[measure], actor=player.officer().account, today=player.day,
    )


@doer("MZ-09")
def ask_consent(player: Player) -> None:
    solving.record_consent(
        player.assignment, conclusion="agreed", kind="phone", happened_on=player.day, members=[player.officer()],
        deputies=[player.assignment.suggestion.lead_deputy], content="逐条说明解决方案，征求代表意见。",
        actor=player.officer().account, today=player.day,
    )
    plan = player.case.plans[PlanKind.SOLUTION]
    solving.start_solution(plan, actor=player.officer().account, today=player.day)
    solving.report_progress(
        plan, text="底数已经摸清，首批已落实", happened_on=player.day, actor=player.officer().account, today=player.day
    )


@doer("MZ-14")
def assess(player: Player) -> None:
    consulting.assess_feasibility(
        player.assignment, conclusion="feasible", content="资金有渠道，部门有职责，今年可以起步。",
        happened_on=player.day, members=[player.people.post(Duty.DIVISION_HEAD)], actor=player.officer().account,
        today=player.day,
    )


@doer("MZ-16")
def investigate(player: Player) -> None:
    plan = investigating.open_investigation(
        player.assignment, text="所反映的问题是否属实、原因何在", investigator=player.officer(),
        actor=player.officer().account, today=player.day,
    )
    investigating.conclude_investigation(
        plan, findings="所反映的问题部分属实", liability="基层审核把关不严", conclusion="列出清单限期整改",
        actor=player.officer().account, today=player.day,
    )


@doer("MZ-05")
def rectify(player: Player) -> None:
    people, today, officer = player.people, player.day, player.officer()
    problem = Row(
        "审核把关不严", measure="复核一遍，补发漏发的", leader=player.assignment.responsible_leader, person=officer,
        due_on=today + timedelta(days=30),
    )
    plan = rectifying.list_problems(player.assignment, problems=[problem], actor=officer.account, today=today)
    step = plan.steps.get()
    scan = SimpleUploadedFile("整改情况.txt", "复核完毕，漏发的已补发。".encode())
    rectifying.report_rectified(
        step, text="复核完毕，漏发的已补发", happened_on=today, evidence=scan, actor=officer.account, today=today
    )
    rectifying.verify_step(step, passed=True, text="抽查属实", actor=people.account(Duty.LIAISON), today=today)


@doer("MZ-04")
def decide_policy(player: Player) -> None:
    player.fill(policy_making=PolicyMaking.INCLUDED, policy_note="纳入今年的政策文件一并研究")


@doer("MZ-20")
def pair(player: Player) -> None:
    player.fill(partner=player.officer())


@doer("MZ-21")
def explain_likeness(player: Player) -> None:
    sheeting.explain_likeness(
        player.assignment, note="几件所提是同一件事，办理措施相同", actor=player.officer().account, today=player.day
    )


@doer("KJ-11")
def choose_way(player: Player) -> None:
    case = player.case
    if case.sheet.involves_place is None or case.sheet.single_issue is None:
        player.fill(
            involves_place=bool(case.assignment.suggestion.involves_place), single_issue=player.rng.random() < 0.4
        )
        return
    player.fill(way=recommend(player.case).way)


@doer("KJ-05")
def leader_on_site(player: Player) -> None:
    plan = player.case.plans.get(PlanKind.FIELD)
    if "KJ-07" in player.case.active and (plan is None or plan.status not in SETTLED):
        list_in_plan(player)
    leader = player.assignment.responsible_leader
    kind = KIND_OF_WAY[Way(player.case.sheet.way or Way.ON_SITE)]
    player.talk(leader, "during", kind=kind, leader=leader, place="代表所在单位", content="带队现场办理，听取意见。")


@doer("KJ-07")
def list_in_plan(player: Player) -> None:
    """年度方案里没有这一件：原方案作废，连同它重编、审定、下发。"""
    people, unit, today = player.people, player.assignment.unit, player.day
    liaison, head = people.account(Duty.LIAISON), people.account(Duty.HEAD)
    old = Plan.objects.current().filter(unit=unit, kind=PlanKind.FIELD, year=today.year).first()
    if old is not None and old.status != PlanStatus.DRAFT:
        field_planning.void_plan(old, note="增列后来交办的件", actor=liaison, today=today)
    plan = field_planning.draft_plan(unit, year=today.year, actor=liaison, today=today)
    divisions = list(unit.divisions.order_by("id"))
    items = {}
    for step in plan.steps.select_related("assignment"):
        lead = step.division or divisions[0]
        others = [one for one in divisions if one != lead][:1]
        items[step.pk] = {
            "leader": step.leader or people.post(Duty.DEPUTY_HEAD), "division": lead, "joining": others,
            "due_on": step.due_on or step.assignment.due_on,
        }
    field_planning.save_items(plan, items=items, actor=liaison, today=today)
    field_planning.submit_plan(plan, actor=liaison, today=today)
    field_planning.approve_plan(plan, actor=head, today=today)
    field_planning.issue_plan(plan, actor=liaison, today=today)
