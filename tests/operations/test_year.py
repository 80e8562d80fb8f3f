"""全年推演：演一整年，账实相符、留痕校验通过；在这一年里改、删、插、换序，样样都找得出来。"""
from __future__ import annotations

import json
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from lianluo.audit.models import AuditEvent
from lianluo.audit.verify import verify
from suggestions.models import Suggestion
from supervision.models import LedgerEntry
from tests.audit import tampering

pytestmark = [pytest.mark.drill, pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
CASES = 1400


def said(command: str, *words: str) -> dict:
    """命令用 JSON 说的话；退出码非零即不通过。"""
    out = StringIO()
    call_command(command, *words, "--json", stdout=out)
    return json.loads(out.getvalue())


@contextmanager
def undone():
    """动过的手脚做完撤回。"""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def longest_chain() -> list[AuditEvent]:
    """办得最曲折的一件，它的全部留痕。"""
    top = AuditEvent.objects.filter(chain__startswith="suggestion:").order_by("-seq").first()
    return list(AuditEvent.objects.on_chain(top.chain))


def tamper_and_find(events: list[AuditEvent]) -> dict[str, int]:
    """在一件的链上各动一次手脚，校验说断在第几条。"""
    middle = len(events) // 2
    ways = {
        "改": lambda: tampering.change(events[middle], "reason", "悄悄改了"),
        "删": lambda: tampering.delete(events[middle]),
        "插": lambda: tampering.insert(events, middle),
        "换序": lambda: tampering.swap(events[middle], events[middle + 2]),
    }
    found = {}
    for name, act in ways.items():
        with undone():
            act()
            broken = verify()[1]
            assert broken is not None and f"suggestion:{broken.suggestion}" == events[0].chain, name
            found[name] = broken.seq
    return found


def test_a_whole_year_balances_and_no_tampering_goes_unseen():
    assert said("seed_demo", "--suggestions", str(CASES))["suggestions"] == Suggestion.objects.count() >= CASES
    assert said("reconcile") == {"differences": 0, "rows": []}
    checked = said("verify_audit")
    assert checked["broken"] is None and checked["events"] == AuditEvent.objects.count() > 20 * CASES
    assert LedgerEntry.objects.signed_off().filter(kind="main").count() > CASES // 4, "一年里办结了不少"
    connection.check_constraints()
    events = longest_chain()
    seq = events[len(events) // 2].seq
    assert tamper_and_find(events) == {"改": seq, "删": seq, "插": seq + 1, "换序": seq}
    assert verify()[1] is None, "手脚都撤了"
