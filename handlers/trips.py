"""顺访：一个市州里，本单位在办的件中还没有见过面的领衔代表。"""
from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from suggestions.models import Delegation, Deputy

from .models import ActivityCase, Assignment, Unit
from .models.meeting import ANSWERING_ROLES

#: 还能顺访的：签收以后、首次答复以前
IN_HAND = ("accepted", "handling")


@dataclass(frozen=True)
class Unmet:
    """一名代表和他还没有见过面的件。"""

    deputy: Deputy
    assignments: list[Assignment]


def prefectures(unit: Unit) -> list[str]:
    """可选的市州：有代表团的。"""
    rows = Delegation.objects.filter(congress=unit.congress_id).exclude(prefecture="").order_by("position", "id")
    return list(dict.fromkeys(rows.values_list("prefecture", flat=True)))


def unmet_in(unit: Unit, prefecture: str, user) -> list[Unmet]:
    """沿途还没有见过面的代表，按代表团、姓名排；见面以当面的沟通为准。"""
    met = ActivityCase.objects.standing().face_to_face().filter(assignment=OuterRef("pk"))
    rows = Assignment.objects.visible_to(user).filter(
        unit=unit, status__in=IN_HAND, role__in=ANSWERING_ROLES,
        suggestion__lead_deputy__delegation__prefecture=prefecture,
    ).exclude(Exists(met)).select_related("suggestion__session", "suggestion__lead_deputy__delegation").distinct()
    found: dict[int, Unmet] = {}
    for row in rows.order_by("suggestion__lead_deputy__delegation__position", "suggestion__lead_deputy__name", "id"):
        deputy = row.suggestion.lead_deputy
        found.setdefault(deputy.pk, Unmet(deputy, [])).assignments.append(row)
    return list(found.values())
