"""校验：改、删、插、换序、截尾、整段重写，一样一样都露得出来，并指出第一处。"""
from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from lianluo.audit import anchoring, record
from lianluo.audit.models import AuditEvent, AuditHead
from lianluo.audit.verify import compared, verify
from tests.audit import tampering
from tests.handlers.cases import registered

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def case(world, var_dir):
    """一件，链上五条；旁边还有一件，链上两条。"""
    tampering.raise_guards()
    case, other = registered(world, 1), registered(world, 2)
    for number in range(5):
        record("suggestion.edited", actor=world.clerk, target=case, reason=f"第 {number + 1} 次")
    for _ in range(2):
        record("suggestion.edited", actor=world.clerk, target=other)
    return case


def events_of(case) -> list[AuditEvent]:
    return list(AuditEvent.objects.on_chain(case.audit_chain))


def broken_at(case) -> int:
    """断在这一件的第几条；没有断裂或断在别处则不通过。"""
    _, found = verify()
    assert found is not None and found.suggestion == case.pk, found
    return found.seq


def test_an_untouched_record_passes(case):
    assert verify() == (7, None)
    anchoring.anchor(DAY)
    assert verify() == (7, None)


@pytest.mark.parametrize(
    ("column", "value"),
    [("reason", "悄悄改了"), ("actor_name", "别人"), ("actor_post", "局长"), ("event", "suggestion.submitted"),
     ("target_state", "concluded"), ("at", "2020-01-01 00:00:00+00:00"), ("data", '{"a": 1}'), ("ip", "8.8.8.8")],
)
def test_a_changed_event_is_found(case, column, value):
    tampering.change(events_of(case)[2], column, value)
    assert broken_at(case) == 3


def test_a_changed_digest_is_found(case):
    tampering.change(events_of(case)[2], "hash", "f" * 64)
    assert broken_at(case) == 3


def test_a_deleted_event_is_found(case):
    tampering.delete(events_of(case)[2])
    assert broken_at(case) == 3


def test_the_first_event_deleted_is_found(case):
    tampering.delete(events_of(case)[0])
    assert broken_at(case) == 1


def test_reordered_events_are_found(case):
    events = events_of(case)
    tampering.swap(events[1], events[3])
    assert broken_at(case) == 2


def test_an_inserted_event_is_found(case):
    """硬插一条在中间：后面的序号得让位，让了位内容就对不上。"""
    tampering.insert(events_of(case), 2)
    assert broken_at(case) == 4


def test_the_first_of_two_breaks_is_named(case):
    events = events_of(case)
    tampering.change(events[3], "reason", "改二")
    tampering.change(events[1], "reason", "改一")
    assert broken_at(case) == 2


# ── 截尾与整段重写：链自己看不出来，要与锚定相比 ──
def test_a_cut_tail_is_found_against_the_anchor(case):
    anchoring.anchor(DAY)
    tampering.delete(*events_of(case)[3:])
    assert broken_at(case) == 4


def test_a_cut_tail_is_found_even_when_others_grew(case, world):
    """只比总数会被别的件的新留痕盖住，所以逐链比。"""
    anchoring.anchor(DAY)
    tampering.delete(*events_of(case)[3:])
    for number in range(3, 9):
        record("suggestion.edited", actor=world.clerk, target=registered(world, number))
    assert broken_at(case) == 4


def test_a_whole_chain_gone_is_found(case):
    anchoring.anchor(DAY)
    tampering.delete(*events_of(case))
    assert broken_at(case) == 1


def test_without_an_anchor_a_cut_tail_stays_hidden(case):
    """反证：露出截尾的正是锚定。"""
    tampering.delete(*events_of(case)[3:])
    assert verify()[1] is None


def test_a_rewritten_stretch_is_found_against_the_anchor(case):
    anchoring.anchor(DAY)
    events = events_of(case)
    for event in events[2:]:
        event.reason = "重写"
    tampering.rewrite(events[2:], events[1].hash)
    assert broken_at(case) == 1
    assert "整段重写" in verify()[1].why


def test_anchors_on_several_days_narrow_down_the_rewritten_stretch(case, world):
    anchoring.anchor(DAY)
    record("suggestion.edited", actor=world.clerk, target=case, reason="次日")
    anchoring.anchor(DAY + timedelta(days=1))
    last = events_of(case)[-1]
    last.reason = "重写次日的"
    tampering.rewrite([last], events_of(case)[-2].hash)
    assert broken_at(case) == 6


def test_a_rewritten_stretch_is_hidden_without_an_anchor(case):
    """反证。"""
    events = events_of(case)
    events[4].reason = "重写"
    tampering.rewrite(events[4:], events[3].hash)
    assert verify()[1] is None


# ── 锚定本身被动 ──
def _change_head(column: str, value) -> None:
    with tampering.unguarded():
        tampering.run(f"UPDATE {tampering.HEADS} SET {column} = %s", [value])  # noqa: S608 列名是测试里写的


def test_a_changed_anchor_is_found(case):
    anchoring.anchor(DAY)
    _change_head("heads", "")
    _, found = verify()
    assert (found.suggestion, found.seq) == (None, 0)
    assert "内容被改动" in found.why


def test_a_deleted_anchor_in_the_middle_is_found(case, world):
    for number in range(3):
        anchoring.anchor(DAY + timedelta(days=number))
        record("suggestion.edited", actor=world.clerk, target=case)
    with tampering.unguarded():
        tampering.run(f"DELETE FROM {tampering.HEADS} WHERE day = %s", [DAY + timedelta(days=1)])  # noqa: S608
    assert "接不上前一次" in verify()[1].why


def test_events_and_anchor_rewritten_together_differ_from_the_file_outside(case):
    """库里留痕与锚定一起改得自洽，库外的文件说破。"""
    head = anchoring.anchor(DAY)
    tampering.delete(*events_of(case)[3:])
    kept = "".join(f"{chain} {seq} {value}\n" for chain, (seq, value) in sorted(anchoring.current_heads().items()))
    _change_head("heads", kept)
    _change_head("root", anchoring.root_of(head.prev_root, kept, head.algorithm))
    _, found = verify()
    assert found is not None and "库外的文件不一致" in found.why

    (anchoring.folder() / f"{DAY}.txt").unlink()
    assert verify()[1] is None, "反证：没有库外的文件，这样的改动就看不出来"


def test_an_anchor_missing_from_the_database_is_found_by_its_file(case):
    anchoring.anchor(DAY)
    with tampering.unguarded():
        tampering.run(f"DELETE FROM {tampering.HEADS}")  # noqa: S608
    assert "库里没有" in verify()[1].why


def test_a_file_elsewhere_is_no_break_but_is_counted(case):
    anchoring.anchor(DAY)
    anchoring.anchor(DAY + timedelta(days=1))
    assert compared() == (2, 2)
    (anchoring.folder() / f"{DAY}.txt").unlink()
    assert verify()[1] is None
    assert compared() == (2, 1)


# ── 命令 ──
def run_command(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_audit", *words, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_passes_and_says_how_many(case):
    assert run_command("--json") == (0, json.dumps({"events": 7, "broken": None}) + "\n")
    anchoring.anchor(DAY)
    code, text = run_command()
    assert code == 0 and "校验通过 7 条" in text and "锚定 1 天" in text


def test_the_command_names_the_break_and_exits_one(case):
    tampering.change(events_of(case)[2], "reason", "改")
    code, text = run_command("--json")
    assert code == 1
    assert json.loads(text) == {"events": 7, "broken": {"suggestion": case.pk, "seq": 3}}
    code, text = run_command()
    assert code == 1 and f"suggestion:{case.pk} 第 3 条" in text


def test_a_reader_of_the_heads_sees_each_chain_once(case):
    head = anchoring.anchor(DAY)
    assert [(chain, seq) for chain, seq, _ in head.lines] == sorted(
        (chain, seq) for chain, (seq, _) in anchoring.current_heads().items()
    )
    assert AuditHead.objects.get().events == 7
