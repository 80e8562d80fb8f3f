"""办理单：性质、拟定类别、重点、办理方式、结对责任人。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, Incomplete, NotAllowed
from suggestions.locking import lock_case

from ..access import duties_in
from ..mechanisms import gates
from ..mechanisms.base import Door
from ..mechanisms.facts import Case
from ..models import Assignment, AssignmentStatus, Duty, HandlingSheet, Regulation
from ..ways import recommend

#: 分类办理要有的制度（MZ-01）
CLASSIFYING = "分类办理办法"
FIELDS = (
    "nature", "intended_class", "is_key", "involves_place", "place_named", "single_issue", "way", "way_reason",
    "partner", "policy_basis", "policy_making", "policy_note",
)
IN_HAND = (AssignmentStatus.ACCEPTED, AssignmentStatus.HANDLING)


@transaction.atomic
def save_sheet(assignment: Assignment, *, data: dict, partner_reason: str = "", actor, today: date) -> HandlingSheet:
    """存办理单；没给的不动。没有变动的不留痕。"""
    unknown = set(data) - set(FIELDS)
    if unknown:
        raise ValueError(f"办理单没有这些内容：{sorted(unknown)}")
    lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("suggestion", "unit").get(pk=assignment.pk)
    if assignment.status not in IN_HAND:
        raise NotAllowed(f"承办关系现在是“{assignment.get_status_display()}”，签收以后、答复以前才能填办理单")
    case = Case(assignment, today)
    sheet = case.sheet
    old = {name: getattr(sheet, name) for name in data}
    _check(case, data, partner_reason)
    for name, value in data.items():
        setattr(sheet, name, value.strip() if isinstance(value, str) else value)
    if sheet.way and "KJ-11" in case.active and sheet.way != recommend(case).way and not sheet.way_reason:
        best = recommend(case)
        raise DomainError(f"推荐{best.way.label}（{best.reason}），改用别的方式写明理由", field="way_reason")
    changed = {name: str(getattr(sheet, name) or "") for name in data if getattr(sheet, name) != old[name]}
    if changed or sheet.pk is None:
        sheet.save()
        record("sheet.saved", actor=actor, target=sheet, reason=partner_reason.strip(), changed=changed)
    return sheet


def _check(case: Case, data: dict, partner_reason: str) -> None:
    assignment, sheet = case.assignment, case.sheet
    if data.get("nature"):
        if not assignment.answers_deputy:
            raise DomainError("会办件不分意见、建议、批评，由主办单位定性质分类", field="nature")
        _point_to_regulation(case)
    if data.get("intended_class") and data["intended_class"] != sheet.intended_class:
        _check_class(case, data)
    partner = data.get("partner")
    if partner and partner.unit_id != assignment.unit_id:
        raise DomainError(f"{partner.name}不在本单位任职", field="partner")
    if partner and sheet.partner_id and partner != sheet.partner and not partner_reason.strip():
        raise DomainError(
            f"已由{sheet.partner.name}与代表结对，一件只有一名责任人；要换人，写明原因", field="partner_reason"
        )


def _check_class(case: Case, data: dict) -> None:
    """建议件先评估再定类别；性质与类别同时改的，按新的性质看。"""
    case.sheet.nature = data.get("nature", case.sheet.nature)
    lacking = gates.missing(case, Door.CLASSIFY)
    if lacking:
        raise Incomplete("定拟定类别", lacking)


def _point_to_regulation(case: Case) -> None:
    """分类办理依据本单位现行的办法；起用了 MZ-01 而没有办法的，不能分类。"""
    found = Regulation.objects.in_force(case.today).filter(
        unit=case.assignment.unit_id, title__contains=CLASSIFYING
    ).order_by("-in_force_on").first()
    if found is None and "MZ-01" in case.active:
        raise DomainError("制度库里没有生效的《分类办理办法》，先录入制度，再分类办理", field="nature")
    case.sheet.regulation = found


@transaction.atomic
def note_disagreement(assignment: Assignment, *, note: str, actor, today: date) -> HandlingSheet:
    """与代表没有达成一致：分管领导或主要负责人批注以后才能送审（JT-10）。"""
    if not duties_in(actor, assignment.unit_id) & {Duty.HEAD, Duty.DEPUTY_HEAD}:
        raise Forbidden("由分管领导或主要负责人批注")
    return _note(assignment, "disagreement_note", note, "写明批注", "sheet.disagreement_noted", actor, today)


@transaction.atomic
def explain_likeness(assignment: Assignment, *, note: str, actor, today: date) -> HandlingSheet:
    """与本单位别的答复雷同，确有必要的，说明理由（MZ-21）。"""
    return _note(assignment, "likeness_note", note, "写明为什么相同", "sheet.likeness_explained", actor, today)


def _note(assignment: Assignment, name: str, note: str, empty: str, event: str, actor, today: date) -> HandlingSheet:
    lock_case(assignment.suggestion_id)
    if not note.strip():
        raise DomainError(empty, field="note")
    sheet, _ = HandlingSheet.objects.get_or_create(assignment=assignment)
    setattr(sheet, name, note.strip())
    sheet.save(update_fields=[name])
    record(event, actor=actor, target=sheet, reason=note.strip())
    return sheet
