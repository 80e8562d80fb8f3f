"""改不动、删不掉：程序里拒绝，数据库里的触发器也拒绝；拆了触发器才动得了（反证）。"""
from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from lianluo.audit import anchoring, record
from lianluo.audit.models import AuditEvent, AuditHead
from tests.audit import tampering
from tests.handlers.cases import registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(world):
    tampering.raise_guards()
    return record("suggestion.edited", actor=world.clerk, target=registered(world))


@pytest.fixture
def head(event, var_dir):
    return anchoring.anchor(date(2026, 3, 2))


def test_the_program_refuses_to_change_or_delete_an_event(event):
    event.reason = "改一改"
    for act in (
        event.save, event.delete, AuditEvent.objects.all().delete, lambda: AuditEvent.objects.update(reason="改"),
        lambda: AuditEvent.objects.bulk_update([event], ["reason"]),
    ):
        with pytest.raises(TypeError):
            act()


def test_the_program_refuses_to_change_or_delete_an_anchor(head):
    for act in (head.save, head.delete):
        with pytest.raises(TypeError):
            act()


STATEMENTS = [
    "UPDATE audit_auditevent SET reason = 'x'", "DELETE FROM audit_auditevent",
    "UPDATE audit_audithead SET root = 'x'", "DELETE FROM audit_audithead",
]


@pytest.mark.parametrize("sql", STATEMENTS)
def test_the_database_refuses_every_statement(head, sql):
    with pytest.raises(DatabaseError, match="只增不"), transaction.atomic():
        tampering.run(sql)
    assert AuditEvent.objects.count() == AuditHead.objects.count() == 1


@pytest.mark.parametrize("sql", STATEMENTS)
def test_without_the_triggers_the_same_statement_passes(head, sql):
    """反证：拦住的确是触发器。"""
    tampering.lower_guards()
    assert tampering.run(sql) == 1


def test_new_events_are_still_taken(event, world):
    record("suggestion.edited", actor=world.clerk, target=registered(world, 2))
    assert AuditEvent.objects.count() == 2
