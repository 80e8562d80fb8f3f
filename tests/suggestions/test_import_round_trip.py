"""导出 → 导入 → 导出：任何文字都不变（可靠性 G3）。"""
from datetime import date

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suggestions.importing import preview
from suggestions.importing.checking import check_file
from suggestions.models import Suggestion
from tests.suggestions.sheets import book, row, take
from tests.suggestions.test_import_deciding import export
from tests.world import DAY

pytestmark = pytest.mark.usefixtures("var_dir")
EXAMPLES, ROWS = 15, 6
CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
LEADS = st.sampled_from(["", "=", "+", "-", "@", "\t=", "\r", "'", "＝", "_x0009_", "1. ", "（一）", "|"])
TEXT = st.builds(lambda lead, text: lead + text, LEADS, st.text(CHARACTERS, min_size=1, max_size=60))
FILLED = TEXT.filter(lambda text: text.strip() != "")
ROW = st.builds(
    lambda **cells: cells, title=FILLED, body=FILLED, note=st.one_of(st.just(""), TEXT),
    requests=st.lists(FILLED, max_size=3).map("\n".join), wished_units=st.sampled_from(["", "省水利厅", "=省水利厅"]),
    publish_wish=st.sampled_from(["", "是", "否", "仅公开标题"]), kind=st.sampled_from(["", "建议", "批评", "意见"]),
    submitted_on=st.dates(date(2025, 12, 1), date(2026, 2, 27)), cosigners=st.sampled_from(["", "贺景", "刘岚、贺景"]),
)


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(rows=st.lists(ROW, min_size=ROWS, max_size=ROWS))
def test_any_text_survives_export_and_import(world, rows):
    taken = take(world, book(*(row(at, **cells) for at, cells in enumerate(rows))), good_rows_only=True)
    before = list(Suggestion.objects.order_by("pk").values_list("title", "body", "note", "text_hash"))
    first = export(world)
    found = check_file(first, name="导出.xlsx", session=world.session, today=DAY)
    changed = [(one.label, one.before, one.after) for entry in found.entries for one in entry.changes]
    assert not changed
    assert not taken.created or [str(one) for one in found.table.problems] == []
    take(world, first)
    assert export(world) == first
    assert list(Suggestion.objects.order_by("pk").values_list("title", "body", "note", "text_hash")) == before


@pytest.mark.django_db
def test_the_preview_shows_days_without_a_clock(world):
    """只供查看的日期列也是年月日。"""
    take(world, book(row(0)))
    Suggestion.objects.update(due_on=date(2026, 12, 4))
    found = check_file(export(world), name="导出.xlsx", session=world.session, today=DAY)
    shown = [cell for line in preview.summary_of(found)["rows"] for cell in line["cells"]]
    assert "2026-12-04" in shown and not [cell for cell in shown if "00:00:00" in cell]


def test_an_update_alone_counts_no_new_cases():
    """只更新不新增的，结果页不说“0”，也不催着去交办。"""
    counts = {"new": 0, "update": 1, "same": 197}
    context = {"counts": counts, "state": "done", "why_not": "已过 24 小时"}
    page = render_to_string("suggestions/importing/_import_progress.html", context)
    assert "更新 1 件" in page and "done-number" not in page and "下一步" not in page
