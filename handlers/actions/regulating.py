"""制度库：录入一项制度，出新版；新版生效之日旧版废止，旧版留着（CZ-01、MZ-01）。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, NotAllowed

from ..access import may_in_unit
from ..models import Regulation, Unit, WorkStage


@transaction.atomic
def add_regulation(
    unit: Unit, *, title: str, text: str, stages: Sequence[str], in_force_on: date, document_number: str = "", actor,
    today: date,
) -> Regulation:
    """录入一项制度的第一版。"""
    _check_right(unit, actor)
    title = title.strip().removeprefix("《").removesuffix("》")
    _check(title, text, stages)
    if Regulation.objects.filter(unit=unit, title=title).exists():
        raise DomainError(f"《{title}》已在制度库里，要改就出新版", field="title")
    row = Regulation.objects.create(
        unit=unit, title=title, text=text.strip(), stages=_in_order(stages), in_force_on=in_force_on,
        document_number=document_number.strip(), made_by=actor,
    )
    record("regulation.added", actor=actor, target=row, in_force_on=in_force_on, stages=row.stage_names)
    return row


@transaction.atomic
def revise_regulation(
    regulation: Regulation, *, text: str, stages: Sequence[str], in_force_on: date, document_number: str = "", actor,
    today: date,
) -> Regulation:
    """出新版：新版生效之日旧版废止。"""
    _check_right(regulation.unit, actor)
    old = Regulation.objects.select_for_update().get(pk=regulation.pk)
    if Regulation.objects.filter(replaces=old).exists():
        raise NotAllowed(f"{old}已有新版，从新版上改")
    if old.ended_on is not None:
        raise NotAllowed(f"{old}已于 {old.ended_on} 废止")
    _check(old.title, text, stages)
    if in_force_on <= old.in_force_on:
        raise DomainError(f"新版的生效日期要在旧版生效之日 {old.in_force_on} 以后", field="in_force_on")
    old.ended_on = in_force_on
    old.save(update_fields=["ended_on"])
    row = Regulation.objects.create(
        unit_id=old.unit_id, title=old.title, version=old.version + 1, text=text.strip(), stages=_in_order(stages),
        in_force_on=in_force_on, document_number=document_number.strip(), replaces=old, made_by=actor,
    )
    record("regulation.revised", actor=actor, target=row, in_force_on=in_force_on, replaces=old.version)
    return row


def _check_right(unit: Unit, actor) -> None:
    if actor is not None and not may_in_unit(actor, unit.pk, "regulate"):
        raise Forbidden("由本单位的联络员、分管领导或主要负责人录入制度")


def _check(title: str, text: str, stages: Sequence[str]) -> None:
    if not title:
        raise DomainError("填写制度的名称", field="title")
    if not text.strip():
        raise DomainError("填写正文", field="text")
    if not stages or not set(stages) <= set(WorkStage.values):
        raise DomainError("选择适用的环节", field="stages")


def _in_order(stages: Sequence[str]) -> list[str]:
    """按办理的先后排。"""
    return [code for code in WorkStage.values if code in set(stages)]
