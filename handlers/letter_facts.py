"""答复函要用的事实：从库里取一次，取完就是一组值，成文不再查库。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField

from lianluo.statements import Blank, Statement
from suggestions.models import CoSigner, Deputy, Suggestion

from .models import Adoption, Assignment, AssignmentRole, Reply


@dataclass(frozen=True)
class Recipient:
    """要答复的一名代表：为哪一件、是否领衔。"""

    deputy: Deputy
    suggestion: Suggestion
    is_lead: bool


@dataclass(frozen=True)
class Answer:
    """对一条具体建议的回应；``asked`` 为空是总的回应。"""

    position: int
    asked: str
    adoption: str
    text: str


@dataclass(frozen=True)
class Pledge:
    """一项承诺。"""

    text: str
    due_on: date
    responsible: str


@dataclass(frozen=True)
class LetterFacts:
    """成文所需的全部值。"""

    unit_name: str
    result_class: str
    publication: str
    number: str
    round: int
    previous_number: str
    consulted: tuple[str, ...]
    opening: str
    answers: tuple[Answer, ...]
    assist_note: str
    pledges: tuple[Pledge, ...]
    explanation: str
    closing: str
    signed_on: date | None
    contact_name: str
    contact_phone: str
    copied_to: tuple[str, ...]


def facts_of(reply: Reply) -> LetterFacts:
    """取一份答复的事实。"""
    assignment = reply.assignment
    return LetterFacts(
        unit_name=assignment.unit_name,
        result_class=reply.result_class.code if reply.result_class_id else "",
        publication=reply.publication,
        number=reply.document_number,
        round=reply.round,
        previous_number=previous_number(assignment, reply.round),
        consulted=tuple(assistants(assignment).values_list("unit_name", flat=True)),
        opening=reply.opening,
        answers=tuple(_answers(reply)),
        assist_note=reply.assist_note,
        pledges=tuple(Pledge(row.text, row.due_on, row.responsible) for row in reply.promises.all()),
        explanation=reply.explanation,
        closing=reply.closing,
        signed_on=reply.signed_on,
        contact_name=reply.contact_name,
        contact_phone=reply.contact_phone,
        copied_to=tuple(reply.copied_to),
    )


def _answers(reply: Reply) -> list[Answer]:
    labels = dict(Adoption.choices)
    return [
        Answer(
            item.request.position if item.request_id else 0, item.request.text if item.request_id else "",
            labels.get(item.adoption, ""), item.text,
        )
        for item in _items(reply)
    ]


def _items(reply: Reply):
    """逐条回应；随答复一起取来的不再查。"""
    fetched = getattr(reply, "_prefetched_objects_cache", {})
    return reply.items.all() if "items" in fetched else reply.items.select_related("request")


def assistants(assignment: Assignment):
    """同一件上有效的会办关系；分办、独办没有会办。"""
    found = Assignment.objects.live().assisting().filter(suggestion_id=assignment.suggestion_id)
    if assignment.role != AssignmentRole.LEAD:
        return found.none()
    return found.order_by("id")


def previous_number(assignment: Assignment, round: int) -> str:
    """上一轮答复的文号；再次答复要引前文号。"""
    if round == 1:
        return ""
    earlier = Reply.objects.delivered().filter(assignment=assignment, round__lt=round)
    return earlier.order_by("-round").values_list("document_number", flat=True).first() or ""


def recipients(case: Suggestion) -> list[Recipient]:
    """逐一列明要答复的代表：本件与并入本件各件的领衔代表和已确认的联名代表。"""
    merged = MERGED.objects(case=case.pk)
    joined: dict[int, list[CoSigner]] = {}
    for row in [*CONFIRMED.objects(case=case.pk), *(CONFIRMED_IN_MERGED.objects(case=case.pk) if merged else ())]:
        joined.setdefault(row.suggestion_id, []).append(row)
    found = []
    for one in [case, *merged]:
        found.append(Recipient(one.lead_deputy, one, True))
        found += [
            Recipient(row.deputy, one, False) for row in joined.get(one.pk, []) if row.deputy_id != one.lead_deputy_id
        ]
    return found


CASE = Blank("case", BigIntegerField())
#: 并入本件的各件
MERGED = Statement(
    lambda: Suggestion.objects.filter(merged_into=CASE, status="merged").select_related("session", "lead_deputy")
    .order_by("number", "id")
)


def _confirmed(**where):
    found = CoSigner.objects.filter(confirmed_at__isnull=False, refused_at__isnull=True, **where)
    return found.select_related("deputy").order_by("position", "id")


#: 本件上已确认的联名；并入各件上的。合成一条“或”就用不上索引
CONFIRMED = Statement(lambda: _confirmed(suggestion=CASE))
CONFIRMED_IN_MERGED = Statement(lambda: _confirmed(suggestion__merged_into=CASE, suggestion__status="merged"))
