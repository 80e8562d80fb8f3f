"""省民政厅：分类办理（MZ）。意见依法办事，建议推动政策创制，批评调查整改；总开关 MZ-22。"""
from __future__ import annotations

from collections.abc import Iterator

from lianluo.statemachine import Missing

from .. import likeness
from ..models import Matter, Nature, PlanKind, PolicyMaking
from .base import Door, Guard
from .facts import Case


class NatureDecided(Guard):
    """主办件分为意见、建议、批评三类；会办件不分。"""

    code, doors = "MZ-02", (Door.DRAFT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.answers and not case.sheet.nature:
            yield Missing("定性质分类：意见、建议还是批评", case.url("sheet_edit") + "#id_nature")


class PolicyBasis(Guard):
    """意见件着重依法办事：写明政策依据。"""

    code, doors = "MZ-03", (Door.SUBMIT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.is_nature(Nature.OPINION) and not case.sheet.policy_basis.strip():
            yield Missing("写明政策依据（文件和条款）", case.url("sheet_edit") + "#id_policy_basis")


class PolicyMakingDecided(Guard):
    """建议件突出政策创制：立项、纳入还是不创制，不创制的说明理由。"""

    code, doors = "MZ-04", (Door.SUBMIT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if not case.is_nature(Nature.SUGGESTION):
            return
        sheet, edit = case.sheet, case.url("sheet_edit")
        if not sheet.policy_making:
            yield Missing("定政策创制的结论：立项、纳入还是不创制", edit + "#id_policy_making")
        elif not sheet.policy_note.strip():
            what = "不创制的理由" if sheet.policy_making == PolicyMaking.NONE else "创制的政策名称"
            yield Missing(f"写明{what}", edit + "#id_policy_note")


class Rectified(Guard):
    """批评件走完调查、整改、核验三段再答复。"""

    code, doors = "MZ-05", (Door.SUBMIT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if not case.is_criticism:
            return
        plan = case.plans.get(PlanKind.RECTIFICATION)
        if plan is None:
            yield Missing("列出整改清单", case.url("plan", PlanKind.RECTIFICATION))
        elif plan.status != "done":
            what = f"整改清单还有 {plan.left} 项没有核验通过" if plan.left else "整改清单还没有办结"
            yield Missing(what, case.url("plan", PlanKind.RECTIFICATION))


class SolutionPlanned(Guard):
    """意见件逐一制定解决方案。"""

    code, doors = "MZ-07", (Door.SUBMIT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.is_nature(Nature.OPINION) and PlanKind.SOLUTION not in case.plans:
            yield Missing("制定解决方案", case.url("plan", PlanKind.SOLUTION))


class DeputyAsked(Guard):
    """解决方案征求代表意见；代表不同意也要如期答复，但要有记录（机制冲突之五）。"""

    code, doors = "MZ-09", (Door.SUBMIT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if not case.is_nature(Nature.OPINION):
            return
        if not any(row.matter == Matter.CONSENT and row.conclusion for row in case.contacts):
            yield Missing("就解决方案征求领衔代表的意见，记下同意与否", case.url("plan", PlanKind.SOLUTION))


class FeasibilityFirst(Guard):
    """建议件先作可行性评估，再定办理结果类别。"""

    code, doors = "MZ-14", (Door.CLASSIFY, Door.SUBMIT)

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.is_nature(Nature.SUGGESTION) and not case.of_matter(Matter.FEASIBILITY):
            yield Missing("先作可行性评估，再定办理结果类别", case.url("feasibility"))


class InvestigatedFirst(Guard):
    """批评件先把问题调查清楚，再起草答复。"""

    code, doors = "MZ-16", (Door.DRAFT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if not case.is_criticism:
            return
        plan = case.plans.get(PlanKind.INVESTIGATION)
        if plan is None or plan.status != "done":
            yield Missing("办结问题调查（事实、责任、结论）再起草", case.url("plan", PlanKind.INVESTIGATION))


class Paired(Guard):
    """点对点、一对一：每件有一名与领衔代表结对的责任人。"""

    code, doors = "MZ-20", (Door.SUBMIT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.answers and case.sheet.partner_id is None:
            yield Missing("定与领衔代表结对的责任人", case.url("sheet_edit") + "#id_partner")


class NotOnePot(Guard):
    """打破“一锅煮”：与本单位近年答复雷同的，改写，或者说明为什么。"""

    code, doors = "MZ-21", (Door.SUBMIT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.reply is None or case.sheet.likeness_note.strip():
            return
        for found in likeness.alike(case.reply):
            yield Missing(
                f"与{found.reply.document_number or '另一件'}的答复有{found.percent}相同，改写或说明理由",
                case.url("likeness"),
            )
