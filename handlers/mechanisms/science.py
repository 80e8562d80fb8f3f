"""省科学技术厅：层层压实办理责任（KJ）。"""
from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from lianluo.statemachine import Missing

from ..models import ApprovalStep, Duty, PlanKind, ReplyStatus
from ..ways import is_on_site, recommend
from .base import Door, Guard
from .facts import Case

#: 审定以后的年度方案
SETTLED = ("approved", "issued", "done")


class FourLayers(Guard):
    """主要领导抓总、分管领导负责、有关处室承办、厅办公室督办，缺一层不能进入办理。"""

    code, doors, field = "KJ-03", (Door.ALLOT,), "responsible_leader"

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.head is None:
            yield Missing("没有抓总的主要负责人，请人大办事机构在任职里补上")
        if case.fixed is not None and case.fixed.responsible_leader is None:
            yield Missing("选定负责的分管领导", case.url("allot") + "#id_responsible_leader")
        if case.lead_division is None:
            yield Missing("选定承办的牵头处室", case.url("allot") + "#id_lead_division")
        if not case.holders(Duty.LIAISON):
            yield Missing("没有督办的办公室联络员，请人大办事机构在任职里补上")


class HeadSigns(Guard):
    """厅主要领导监督把关：答复由主要负责人本人签发，不能转请代签。"""

    code, doors = "KJ-04", (Door.SUBMIT, Door.SIGN)

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.head is None or case.head.account_id is None:
            yield Missing("答复要由主要负责人签发，而本单位没有能登录的主要负责人")
            return
        if case.reply is None or case.reply.status == ReplyStatus.DRAFT:
            return
        heads = case.reply.approvals.filter(step=ApprovalStep.HEAD, delegate__isnull=False).order_by("-attempt")
        last = heads.select_related("delegate").first()
        if last is not None and last.delegate.duty != Duty.HEAD:
            yield Missing(
                f"答复由主要负责人{case.head.name}本人签发，不能由{last.delegate.name}代签",
                case.reply.get_absolute_url(),
            )


class LeaderOnSite(Guard):
    """主办建议由分管厅领导带队现场办理；别人带队的要写明理由。一次现场办理可以办多件（机制冲突之七）。"""

    code, doors, field = "KJ-05", (Door.VISIT, Door.SUBMIT), "leader"

    def missing(self, case: Case) -> Iterator[Missing]:
        if not case.answers:
            return
        leader = case.assignment.responsible_leader
        if case.visit is not None:
            if case.visit.leader != leader and not case.visit.stand_in_reason.strip():
                yield Missing(f"现场办理由分管领导{leader.name if leader else ''}带队；别人带队的，写明代为带队的理由")
            return
        led = [row for row in case.contacts if is_on_site(row.kind) and row.leader_id]
        if any(row.leader_id == case.assignment.responsible_leader_id or row.stand_in_reason for row in led):
            return
        who = f"由分管领导{leader.name}带队" if leader else "由分管领导带队"
        yield Missing(f"{who}现场办理一次，记下带队人", case.contact_url(kind="on_site"))


class FieldPlanFirst(Guard):
    """先有审定的年度现场办理工作方案，再安排现场办理。"""

    code, doors, field = "KJ-07", (Door.VISIT, Door.SUBMIT), "kind"

    def missing(self, case: Case) -> Iterator[Missing]:
        if not case.answers:
            return
        plan = case.plans.get(PlanKind.FIELD)
        if plan is None or plan.status not in SETTLED:
            yield Missing("这一件还没有列入审定的现场办理工作方案", reverse("handlers:field_plans"))


class FieldPlanItems(Guard):
    """方案里每件写明带队厅领导、牵头处室、参与处室和办结时限，办结时限不晚于法定期限。"""

    code, doors = "KJ-09", (Door.PLAN,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.item is None:
            return
        number, due_on, last = case.assignment.suggestion.shown_number, case.item.due_on, case.assignment.due_on
        wanted = (
            ("带队厅领导", case.item.leader), ("牵头处室", case.item.division), ("参与处室", case.item.joining),
            ("办结时限", due_on),
        )
        lacking = [name for name, value in wanted if not value]
        if lacking:
            yield Missing(f"{number} 还没有写明{'、'.join(lacking)}", f"#case-{case.assignment.pk}")
        if due_on and last and due_on > last:
            yield Missing(f"{number} 的办结时限晚于法定期限 {last}", f"#case-{case.assignment.pk}")


class WayChosen(Guard):
    """按四种情形推荐办理方式，用别的方式要写明理由。"""

    code, doors = "KJ-11", (Door.SUBMIT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if not case.answers:
            return
        sheet, edit = case.sheet, case.url("sheet_edit")
        if sheet.involves_place is None or sheet.single_issue is None:
            yield Missing("填写是否涉及具体单位或地区、内容是否单一，据此推荐办理方式", f"{edit}#id_involves_place")
        elif not sheet.way:
            yield Missing("选定现场办理的方式", f"{edit}#id_way")
        elif sheet.way != recommend(case).way and not sheet.way_reason:
            used, best = sheet.get_way_display(), recommend(case).way.label
            yield Missing(f"推荐{best}，改用{used}的写明理由", f"{edit}#id_way_reason")
