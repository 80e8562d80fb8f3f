"""新增、更新、不变、冲突；逐格的变化；导出再导入。"""
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from lianluo.documents.workbooks import write_workbook
from suggestions import exporting, numbering
from suggestions.actions import registering
from suggestions.models import Suggestion
from tests.suggestions.drafts import submitted
from tests.suggestions.sheets import book, check, row, said, take


def export(world) -> bytes:
    rows = exporting.rows(Suggestion.objects.order_by("pk"), private=True)
    return write_workbook("建议列表", exporting.columns(), rows, notes=exporting.NOTES)


def changed(content: bytes, **cells) -> bytes:
    """在 Excel 里改几格。"""
    workbook = load_workbook(BytesIO(content))
    for address, value in cells.items():
        workbook.worksheets[0][address] = value
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def decisions(found) -> list[str]:
    return [entry.decision for entry in found.entries]


def cells(found) -> list[tuple]:
    return [(one.address, one.label, one.before, one.after) for entry in found.entries for one in entry.changes]


@pytest.fixture
def numbered(world):
    """三件带编号的，一件没有编号的。"""
    rows = [row(at, number=f"{at:04d}") for at in (1, 2, 3)]
    rows[0].update(cosigners="贺景、刘岚", note="一", wished_units="省水利厅")
    assert take(world, book(*rows)).created == 3
    assert take(world, book(row(4, deputy="刘岚", delegation="株洲代表团", phone=""))).created == 1
    return rows


# ── 再传同一份表 ──
def test_the_same_file_again_changes_nothing(world, numbered):
    report = take(world, book(*numbered))
    assert (report.ok, report.created, report.updated, report.unchanged, report.rows_ok) == (True, 0, 0, 3, 3)


def test_rows_without_a_number_are_known_by_their_cells(world):
    content = book(row(1), row(2))
    take(world, content)
    assert decisions(check(world, content)) == ["same", "same"]
    assert decisions(check(world, book(row(2), row(1), row(3)))) == ["same", "same", "new"]


def test_a_correction_made_in_the_system_is_not_undone_by_the_same_file(world, numbered):
    Suggestion.objects.filter(number=1).update(title="更正过的标题", revision=2)
    assert decisions(check(world, book(*numbered))) == ["same", "same", "same"]


def test_two_equal_rows_in_one_file_are_one_suggestion(world):
    assert said(check(world, book(row(1), row(1))).table.problems) == ["建议!B3 与第 2 行是同一件，删去一行"]
    found = check(world, book(row(1, number="7"), row(2, number="0007")))
    assert said(found.table.problems) == ["建议!A3 编号与第 2 行相同，一个编号只能有一件"]


def test_a_row_like_an_old_one_is_pointed_out(world, numbered):
    found = check(world, book(row(2, note="又来一次")))
    assert decisions(found) == ["new"]
    assert said(found.table.warnings) == ["建议!B2 黄岳若已有同名的一件（编号 0002），核对是不是重复"]


def test_a_number_given_later_registers_the_row_known_by_its_cells(world):
    take(world, book(row(1), row(2)))
    found = check(world, book(row(1, number="0031"), row(2, number="0032")))
    assert cells(found) == [("A2", "编号", "", "0031"), ("A3", "编号", "", "0032")]
    take(world, book(row(1, number="0031"), row(2, number="0032")))
    assert list(Suggestion.objects.order_by("pk").values_list("number", "status")) == [
        (31, "registered"), (32, "registered")
    ]
    assert numbering.upcoming_number(world.session) == 33


# ── 逐格的变化 ──
def test_exactly_the_changed_cells_are_shown(world, numbered):
    rows = [dict(one) for one in numbered]
    rows[0].update(title="关于改过的建议", cosigners="贺景")
    rows[2].update(submitted_on=date(2026, 1, 26), publish_wish="否")
    found = check(world, book(*rows))
    assert cells(found) == [
        ("B2", "标题", "关于改造第1处饮水管网的建议", "关于改过的建议"), ("F2", "联名代表", "贺景、刘岚", "贺景"),
        ("H4", "提交日期", "2026-01-25", "2026-01-26"), ("M4", "同意公开", "同意全文公开", "否"),
    ]
    assert decisions(found) == ["update", "same", "update"]


def test_the_changes_are_written(world, numbered):
    rows = [dict(one) for one in numbered]
    rows[0].update(title="关于改过的建议", cosigners="贺景", phone="13900000000")
    rows[1].update(deputy="王䶮", delegation="株洲代表团")
    report = take(world, book(*rows))
    assert (report.ok, report.updated, report.unchanged) == (True, 2, 1)
    suggestion, second = Suggestion.objects.filter(number__in=(1, 2)).order_by("number")
    assert (suggestion.title, suggestion.contact_phone, suggestion.revision) == ("关于改过的建议", "13900000000", 2)
    assert (second.lead_deputy, second.delegation) == (world.rare_deputy, world.zhuzhou)
    assert [one.deputy for one in suggestion.cosigners.all()] == [world.cosigner]
    assert suggestion.cosigners.get().confirmed_hash == suggestion.text_hash
    assert decisions(check(world, book(*rows))) == ["same", "same", "same"]


def test_a_changed_body_carries_its_requests_along(world, numbered):
    rows = [dict(numbered[0], body="改过。\n为此建议：\n1. 甲\n2. 乙\n3. 丙")]
    take(world, book(*rows))
    suggestion = Suggestion.objects.get(number=1)
    assert [one.text for one in suggestion.requests.all()] == ["甲", "乙", "丙"]


def test_blank_cells_keep_what_must_not_be_lost_and_clear_the_rest(world, numbered):
    rows = [dict(numbered[0], phone="", kind="", submitted_on="", note="", cosigners="", wished_units="")]
    assert [label for _, label, _, _ in cells(check(world, book(*rows)))] == ["联名代表", "希望承办单位", "备注"]


def test_the_submission_date_moves_the_open_deadline(world):
    take(world, book(row(1)))
    suggestion = Suggestion.objects.get()
    before = suggestion.due_on
    take(world, changed(export(world), H2=date(2026, 2, 25)))
    suggestion.refresh_from_db()
    assert suggestion.due_on > before == suggestion.dues.get().due_on - (suggestion.due_on - before)


# ── 冲突 ──
def test_a_number_held_by_another_suggestion_is_a_conflict(world, numbered):
    found = check(world, book(row(9, number="0001", deputy="刘岚", delegation="株洲代表团")))
    assert decisions(found) == ["conflict"]
    assert said(found.table.problems) == [
        "建议!A2 编号 0001 已被《关于改造第1处饮水管网的建议》（黄岳若）使用，下一个空号是 0004"
    ]


def test_the_number_of_a_registered_suggestion_cannot_change(world, numbered):
    found = check(world, changed(export(world), A2="0050"))
    assert said(found.table.problems) == ["建议列表!A2 编号登记后不可改，这件是 0001"]


@pytest.mark.parametrize(("column", "value", "allowed"), [
    ("B2", "另一个标题", False), ("F2", "刘岚", False), ("K2", "1. 别的", False),
    ("G2", "13900000000", True), ("N2", "备注", True),
])
def test_after_assignment_only_phone_and_note_may_change(world, numbered, column, value, allowed):
    Suggestion.objects.filter(number=1).update(status="handling")
    found = check(world, changed(export(world), **{column: value}))
    assert found.entries[0].decision == ("update" if allowed else "conflict")
    assert found.is_clean == allowed


def test_a_suggestion_changed_since_the_export_is_a_conflict(world, numbered):
    content = changed(export(world), N2="备注改了")
    Suggestion.objects.filter(number=1).update(revision=5)
    assert said(check(world, content).table.problems) == [
        "建议列表!N2 导出之后，这件已在别处改过（现为第 5 版），重新导出再改"
    ]


def test_a_deputys_own_text_goes_back_to_the_deputy(world):
    suggestion = registering.register_suggestion(submitted(world), actor=world.clerk, today=date(2026, 1, 26))
    found = check(world, changed(export(world), B2="另一个标题"))
    assert said(found.table.problems) == ["建议列表!B2 这件由代表本人提交，标题要退回代表修改"]
    assert take(world, changed(export(world), N2="办公室备注")).updated == 1
    suggestion.refresh_from_db()
    assert suggestion.note == "办公室备注"


def test_a_withdrawn_suggestion_takes_nothing(world, numbered):
    Suggestion.objects.filter(number=1).update(status="withdrawn")
    assert check(world, changed(export(world), N2="备注")).entries[0].decision == "conflict"


def test_an_inner_number_of_nowhere_is_named(world, numbered):
    found = check(world, changed(export(world), O2="99999"))
    assert "建议列表!O2 这一行的 _id 在本次会议里找不到" in said(found.table.problems)[0]


# ── 导出再导入 ──
def test_an_exported_list_imports_back_unchanged_and_exports_the_same_bytes(world, numbered):
    first = export(world)
    assert decisions(check(world, first)) == ["same"] * 4
    take(world, first)
    assert export(world) == first


def test_twins_in_the_system_are_told_apart_by_their_inner_number(world):
    take(world, book(row(1, kind=""), row(1, kind="建议")))
    assert Suggestion.objects.count() == 2
    assert decisions(check(world, export(world))) == ["same", "same"]


def test_three_cells_changed_in_excel_are_three_differences(world, numbered):
    found = check(world, changed(export(world), B2="关于改过的建议", L3="省教育厅", N4="备注"))
    assert [address for address, *_ in cells(found)] == ["B2", "L3", "N4"]
    assert decisions(found) == ["update", "update", "update", "same"]


def test_the_list_page_exports_what_the_import_takes(world, numbered, client):
    client.force_login(world.clerk)
    content = b"".join(client.get(reverse("suggestions:export")).streaming_content)
    found = check(world, content)
    assert decisions(found) == ["same"] * 4 and not found.table.warnings


def test_awkward_text_survives_the_round_trip(world):
    odd = ["=1+1", "\t=1+1", "'=1+1", "多\r\n行\n文字", "_x000D_", "𠮷𪚥", "a\u200bb", "＝1", "1. 甲\n2. 乙"]
    odd.append(" 首尾空格 ")
    rows = [row(at, title=f"{text}{at}", body=text + "。", note=text.strip()) for at, text in enumerate(odd)]
    assert take(world, book(*rows)).created == len(odd)
    stored = list(Suggestion.objects.order_by("pk").values_list("title", "body", "note"))
    assert stored == [(one["title"], one["body"], one["note"]) for one in rows]
    first = export(world)
    assert decisions(check(world, first)) == ["same"] * len(odd)
    take(world, first)
    assert export(world) == first and take(world, book(*rows)).unchanged == len(odd)
