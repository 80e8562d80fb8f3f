"""分类办理与不分类的放在一起看：各多少件、满意率、办结率（MZ-22）；意见、建议、批评、未分各多少件（MZ-02）。"""
from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from handlers.models import Assignment, AssignmentStatus, Evaluation, Nature, Satisfaction, Unit

from .rates import Share, owed_answers


@dataclass(frozen=True)
class Group:
    """一组件：名称、件数、满意率（满意／已反馈）、办结率（办结／主办）。"""

    name: str
    number: int
    satisfied: Share
    concluded: Share


@dataclass(frozen=True)
class Comparison:
    """一个单位：分类办理的、没有分类的，和四种性质的件数。"""

    unit: Unit
    groups: tuple[Group, Group]
    natures: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(group.number for group in self.groups)


CLASSIFIED = Q(sheet__nature__in=Nature.values)


def answering_of(unit: Unit) -> QuerySet[Assignment]:
    """主办件（独办、主办、分办），撤回的、改出的不算。"""
    return owed_answers(Assignment.objects.filter(unit=unit))


def compare(unit: Unit) -> Comparison:
    """满意率按领衔代表对本轮答复的总体评价，没有反馈的不入分母；再办理的按最后一轮。"""
    rows = answering_of(unit)
    groups = (
        _group("分类办理", rows.filter(CLASSIFIED)),
        _group("没有分类", rows.exclude(pk__in=rows.filter(CLASSIFIED).values("pk"))),
    )
    return Comparison(unit, groups, natures_of(rows))


def _group(name: str, rows: QuerySet[Assignment]) -> Group:
    counted = rows.aggregate(
        number=Count("pk"), concluded=Count("pk", filter=Q(status=AssignmentStatus.CONCLUDED))
    )
    rated = Evaluation.objects.of_leads().of_current_round().filter(reply__assignment__in=rows.values("pk"))
    returned = rated.aggregate(n=Count("pk"), satisfied=Count("pk", filter=Q(overall=Satisfaction.SATISFIED)))
    return Group(
        name, counted["number"], Share(returned["satisfied"], returned["n"]),
        Share(counted["concluded"], counted["number"]),
    )


def natures_of(rows: QuerySet[Assignment]) -> tuple[tuple[str, int], ...]:
    """意见、建议、批评、还没有分；四项之和是主办件数。"""
    found = dict(rows.filter(CLASSIFIED).order_by().values_list("sheet__nature").annotate(n=Count("pk")))
    named = [(label, found.get(code, 0)) for code, label in Nature.choices]
    return (*named, ("还没有分", rows.count() - sum(found.values())))


def classifying_units() -> QuerySet[Unit]:
    """分过类的单位。"""
    rows = Assignment.objects.live().answering().filter(CLASSIFIED)
    return Unit.objects.filter(pk__in=rows.values("unit")).order_by("id")
