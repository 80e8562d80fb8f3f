"""成批装入压测数据：一万五千件、四万承办关系。唯一不经动作写库的地方，只在压测库里用。"""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from handlers.models import Allotment, Assignment, AssignmentDue, Reply, ResultClass
from lianluo.audit.models import AuditEvent
from lianluo.operations.demo import people, texts
from lianluo.workdays import clock
from suggestions.models import Category, Request, Suggestion
from supervision.models import LedgerEntry

SUGGESTIONS, SESSIONS_OPENED_DAYS_AGO = 15_000, 250
STATES = (
    ("registered", 300), ("submitted", 100), ("assigned", 900), ("handling", 5200), ("replied", 2500),
    ("concluded", 6000),
)
ASKED = ("列入计划", "落实经费")
BATCH = 2000
SNAPSHOT = {"profile": "HN-DEFAULT", "amount": 3, "measure": "month", "roll": True}


def load(count: int = SUGGESTIONS, seed: int = 1) -> dict[str, int]:
    """装入并返回各表行数。"""
    rng, today = Random(seed), clock.today()
    opened = today - timedelta(days=SESSIONS_OPENED_DAYS_AGO)
    province = people.build(opened, opened + timedelta(days=6), rng)
    categories = list(Category.objects.filter(parent=None))
    cases = list(_cases(province, categories, count, rng, opened))
    Suggestion.objects.bulk_create(cases, batch_size=BATCH)
    Request.objects.bulk_create(
        (Request(suggestion=case, position=n, text=text) for case in cases for n, text in enumerate(ASKED, 1)),
        batch_size=BATCH,
    )
    assignments = _assignments(province, cases, rng, today)
    _ledger(cases, assignments, province)
    _replies(assignments)
    _events(cases, province, rng)
    return {"suggestions": len(cases), "assignments": len(assignments)}


def _cases(province, categories, count: int, rng: Random, opened: date) -> Iterator[Suggestion]:
    states = list(itertools.chain.from_iterable([name] * weight for name, weight in STATES))
    for n in range(1, count + 1):
        title = texts.invented_title(rng)
        lead, status = rng.choice(province.deputies), rng.choice(states)
        numbered = status != "submitted"
        yield Suggestion(
            congress=province.congress, session=province.session, status=status, number=n if numbered else None,
            title=title, body=texts.body_for(title, rng)[0] * rng.randrange(4, 9), lead_deputy=lead,
            delegation_id=lead.delegation_id, category=rng.choice(categories), regions=[], publish_wish="full",
            submitted_on=opened, registered_on=opened if numbered else None,
            assigned_on=opened + timedelta(days=30) if status not in ("submitted", "registered") else None,
            due_on=None if status == "concluded" else opened + timedelta(days=rng.randrange(60, 330)),
            concluded_on=opened + timedelta(days=200) if status == "concluded" else None, text_hash="0" * 64,
            made_by=province.office["shenban"],
        )


AFTER = {"assigned": "pending", "handling": "handling", "replied": "answered", "concluded": "concluded"}


def _assignments(province, cases, rng: Random, today: date) -> list[Assignment]:
    units = list(province.units.values())
    weights = [max(1, 40 - 2 * n) for n in range(len(units))]
    classes = list(ResultClass.objects.filter(is_active=True))
    rows = []
    for case in cases:
        if case.status not in AFTER:
            continue
        chosen = list(dict.fromkeys(one.unit.pk for one in rng.choices(units, weights, k=rng.choice((2, 3, 3, 4)))))
        for n, unit_id in enumerate(chosen):
            people_ = province.of_unit(unit_id)
            role = "sole" if len(chosen) == 1 else "lead" if n == 0 else "assist"
            rows.append(Assignment(
                suggestion=case, unit=people_.unit, unit_name=people_.unit.name, role=role, status=AFTER[case.status],
                assigned_on=case.assigned_on, due_on=max(case.due_on or case.assigned_on, case.assigned_on),
                profile_code="HN-DEFAULT", result_class=rng.choice(classes) if case.status == "concluded" else None,
            ))
    Assignment.objects.bulk_create(rows, batch_size=BATCH)
    AssignmentDue.objects.bulk_create(
        (AssignmentDue(assignment=one, rule_code="reply_normal" if one.role != "assist" else "cohandle_opinion",
                       start_on=one.assigned_on, due_on=one.due_on, snapshot=SNAPSHOT,
                       met_on=one.due_on if one.status in ("answered", "concluded") else None) for one in rows),
        batch_size=BATCH,
    )
    Allotment.objects.bulk_create(
        (Allotment(
            assignment=one, division=province.of_unit(one.unit_id).divisions[1], role="lead",
            allotted_on=one.assigned_on,
        ) for one in rows if one.status != "pending"), batch_size=BATCH,
    )
    return rows


def _ledger(cases, assignments, province) -> None:
    congress = province.congress
    rows = []
    for one in assignments:
        done = one.status == "concluded"
        rows.append(LedgerEntry(
            congress=congress, kind="handling", suggestion=one.suggestion, assignment=one, unit=one.unit,
            what=one.suggestion.title, opened_on=one.assigned_on, due_on=one.due_on,
            status="signed_off" if done else "open", signed_off_on=one.due_on if done else None,
        ))
    for case in cases:
        if case.assigned_on:
            done = case.status == "concluded"
            rows.append(LedgerEntry(
                congress=congress, kind="main", suggestion=case, what=case.title, opened_on=case.assigned_on,
                due_on=case.due_on if case.due_on and case.due_on >= case.assigned_on else case.assigned_on,
                status="signed_off" if done else "open", signed_off_on=case.concluded_on,
            ))
    LedgerEntry.objects.bulk_create(rows, batch_size=BATCH)


def _replies(assignments) -> None:
    answered = [one for one in assignments if one.role != "assist" and one.status in ("answered", "concluded")]
    now = timezone.now()
    Reply.objects.bulk_create(
        (Reply(assignment=one, status="delivered", opening="收悉", document_number=f"压测〔2026〕{n}号", version=1,
               signed_on=one.due_on, delivered_on=one.due_on, published_at=now, publication="full",
               copied_to=["联工委"])
         for n, one in enumerate(answered, 1)), batch_size=BATCH,
    )


def _events(cases, province, rng: Random) -> None:
    names = (
        "suggestion.entered", "suggestion.submitted", "suggestion.registered", "suggestion.assigned",
        "assignment.accepted",
    )
    clerk, now = province.office["shenban"], timezone.now()
    AuditEvent.objects.bulk_create(
        (AuditEvent(
            chain=f"suggestion:{case.pk}", seq=n, at=now, event=name, actor=clerk, actor_name=clerk.name,
            target_type="suggestions.suggestion", target_id=case.pk, target_name=case.title[:100], algorithm="sha256",
            prev_hash="0" * 64, hash="0" * 64,
        ) for case in cases for n, name in enumerate(names, 1)), batch_size=BATCH,
    )
