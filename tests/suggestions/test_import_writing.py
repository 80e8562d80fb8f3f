"""写入、批次、撤销：真实的汇总表、只导入好行、缺号、时限、留痕、一次事务。"""
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianluo.audit.models import AuditEvent
from lianluo.audit.verify import verify
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, NotAllowed, Stale
from suggestions import numbering, tasks
from suggestions.actions import bringing_in, importing
from suggestions.importing import progress
from suggestions.models import Deputy, ImportBatch, Suggestion
from tests.suggestions.sheets import WORKBOOK, book, real_roster, row, said, take
from tests.world import DAY

pytestmark = pytest.mark.usefixtures("var_dir")


def upload(content: bytes, name: str = "建议表.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def start(world, *rows, **options) -> ImportBatch:
    return importing.start_import(
        upload(book(*rows)), session=world.session, actor=world.clerk, today=DAY, **options
    )


def apply(world, batch, *, good_rows_only: bool = False) -> ImportBatch:
    importing.claim_import(batch, good_rows_only=good_rows_only, actor=world.clerk)
    return importing.apply_import(ImportBatch.objects.get(pk=batch.pk), actor=world.clerk, today=DAY)


def stored_files(settings) -> list:
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


# ── 真实的汇总表 ──
def test_the_real_workbook_of_139_rows_imports_whole(world):
    real_roster(world)
    report = take(world, WORKBOOK.read_bytes())
    assert (report.ok, report.rows_ok, report.created, report.errors) == (True, 139, 139, [])
    assert numbering.upcoming_number(world.session) == 140
    assert {one.message.partition("“")[0] for one in report.warnings} == {"希望承办单位"}
    first = Suggestion.objects.get(number=1)
    assert (first.status, first.raised_by, first.raised_during) == ("registered", "joint", "in_session")
    assert (first.lead_deputy.certificate_no, first.delegation.name) == ("HN140682", "怀化代表团")
    assert [one.deputy.name for one in first.cosigners.all()] == ["向湘澜", "田湘玥", "杨舒予", "廖穗"]
    assert first.requests.count() == 3 and first.publish_wish == "title" and first.submitted_on == date(2026, 1, 25)
    again = take(world, WORKBOOK.read_bytes())
    assert (again.ok, again.created, again.updated, again.unchanged) == (True, 0, 0, 139)


def test_the_workbook_without_a_roster_creates_its_people_but_no_delegations(world):
    real_roster(world)
    Deputy.objects.all().delete()
    refused = take(world, WORKBOOK.read_bytes())
    assert not refused.ok and refused.rows_ok == 0 and not Deputy.objects.exists()
    report = take(world, WORKBOOK.read_bytes(), create_deputies=True)
    assert (report.ok, report.created) == (True, 139)
    names = set(Suggestion.objects.values_list("cosigners__deputy__name", flat=True)) - {None}
    assert names <= set(Deputy.objects.values_list("name", flat=True))


# ── 编号与缺号 ──
def test_numbered_rows_arrive_registered_and_holes_are_named(world):
    report = take(world, book(*(row(at, number=str(at)) for at in (1, 3, 4, 9, 12))))
    assert report.ok and set(Suggestion.objects.values_list("status", flat=True)) == {"registered"}
    assert said(report.warnings) == ["编号到 0012，缺号：0002、0005–0008、0010–0011"]
    assert report.warnings[0].as_dict() == {
        "sheet": None, "cell": None, "line": None, "message": "编号到 0012，缺号：0002、0005–0008、0010–0011"
    }
    assert numbering.upcoming_number(world.session) == 13


def test_rows_without_a_number_arrive_submitted_with_their_deadline(world):
    take(world, book(row()))
    suggestion = Suggestion.objects.get()
    assert (suggestion.status, suggestion.number) == ("submitted", None)
    due = suggestion.dues.get()
    assert (due.rule_code, due.start_on, due.due_on) == ("register_days", date(2026, 1, 25), suggestion.due_on)


def test_between_sessions_and_bills_keep_their_series(world):
    take(world, book(row(1, number="闭0007", submitted_on=date(2026, 2, 20)), row(2, number="议转0012"),
                     row(3, submitted_on=date(2026, 2, 20))))
    between, bill, late = Suggestion.objects.order_by("pk")
    assert (between.shown_number, between.raised_during) == ("闭0007", "between")
    assert between.due_on is not None and bill.due_on is None
    assert (bill.shown_number, bill.raised_during) == ("议转0012", "in_session")
    assert (late.number, late.raised_during) == (None, "between")


def test_a_session_number_after_the_close_is_taken_with_a_warning(world):
    report = take(world, book(row(number="1", submitted_on=date(2026, 2, 20))))
    assert report.ok and Suggestion.objects.get().raised_during == "in_session"
    assert said(report.warnings)[0].startswith("建议!H2 1 行是大会期间的编号，提交日期却在闭幕之后")


def test_days_in_the_future_are_taken_with_a_warning(world):
    Deputy.objects.update(served_from=None)
    report = take(world, book(row(submitted_on=date(2026, 12, 1)), row(2, submitted_on=date(1926, 1, 1))))
    assert report.ok and [one.cell for one in report.warnings] == ["H2", "H3"]


# ── 全部或好行 ──
def test_one_bad_row_refuses_the_whole_file_unless_good_rows_are_wanted(world, settings):
    content = book(row(1), row(2, title=""), row(3))
    refused = take(world, content)
    assert (refused.ok, refused.rows_ok, refused.created) == (False, 2, 0)
    assert said(refused.errors) == ["建议!B3 填写标题"]
    assert not (Suggestion.objects.exists() or ImportBatch.objects.exists() or stored_files(settings))
    good = take(world, content, good_rows_only=True)
    assert (good.ok, good.created, said(good.errors)) == (True, 2, ["建议!B3 填写标题"])


def test_without_a_single_good_row_nothing_is_taken(world):
    assert not take(world, book(row(1, title="")), good_rows_only=True).ok


def test_a_dry_run_says_what_would_happen_and_leaves_nothing(world, settings):
    report = take(world, book(row(1), row(2, deputy="赵新来")), dry_run=True, create_deputies=True)
    assert (report.ok, report.created) == (True, 2)
    assert not (Suggestion.objects.exists() or Deputy.objects.filter(name="赵新来").exists() or stored_files(settings))


def test_a_failure_in_the_middle_leaves_no_row_no_person_and_no_file(world, settings, monkeypatch):
    record, made = bringing_in.record, []

    def break_at_the_third(event, **given):
        made.append(event)
        if len(made) == 3:
            raise RuntimeError("磁盘满了")
        return record(event, **given)

    monkeypatch.setattr(bringing_in, "record", break_at_the_third)
    with pytest.raises(RuntimeError):
        take(world, book(row(1, deputy="赵新来"), row(2), row(3)), create_deputies=True)
    assert len(made) == 3
    assert not (Suggestion.objects.exists() or ImportBatch.objects.exists() or stored_files(settings))
    assert not Deputy.objects.filter(name="赵新来").exists() and not AuditEvent.objects.exclude(chain="system").exists()


# ── 留痕与通知 ──
def test_every_row_is_on_record_with_its_file_and_line(world):
    take(world, book(row(1, number="1"), row(2)))
    first, second = Suggestion.objects.order_by("pk")
    events = [event.event for event in AuditEvent.objects.about(first).order_by("seq")]
    assert events == ["suggestion.imported", "suggestion.submitted", "suggestion.registered"]
    imported = AuditEvent.objects.about(second).order_by("seq").first()
    assert (imported.data["file"], imported.data["sheet"], imported.data["line"]) == ("表.xlsx", "建议", 3)
    assert AuditEvent.objects.filter(event="import.applied").count() == 1
    assert verify()[1] is None


def test_the_deputy_hears_of_the_registration_and_the_office_is_not_flooded(world):
    take(world, book(row(1, number="1", cosigners="贺景"), row(2)), actor=None)
    told = set(Notice.objects.values_list("kind", "recipient__name"))
    assert told == {("suggestion.registered", "黄岳若"), ("suggestion.registered", "贺景")}


@pytest.mark.parametrize("rows", [2, 60])
def test_similar_ones_are_counted_after_the_import(world, rows):
    take(world, book(*(row(at, title=f"关于改造第{at}处饮水管网的建议") for at in range(rows))))
    assert set(Suggestion.objects.values_list("similar_count", flat=True)) == {rows - 1}


# ── 先预检再写入 ──
def test_the_preview_writes_no_suggestion_and_the_batch_waits(world):
    batch = start(world, row(1), row(2, delegation="长沙团"))
    assert not Suggestion.objects.exists()
    assert batch.report["counts"] == {"new": 1, "update": 0, "same": 0, "conflict": 0, "bad": 1}
    with pytest.raises(DomainError, match="还有问题没有改好"):
        importing.claim_import(batch, good_rows_only=False, actor=world.clerk)


def test_adopting_proposals_mends_the_rows(world):
    batch = start(world, row(1, delegation="长沙团", cosigners="贺井"), row(2, deputy="黄岳弱"))
    assert importing.adopt_proposals(batch, places=["delegation:2"], actor=world.clerk, today=DAY) == 1
    batch.refresh_from_db()
    assert [one["at"] for one in batch.report["proposals"]] == ["deputy:3", "cosigners:2"]
    assert importing.adopt_proposals(batch, actor=world.clerk, today=DAY) == 2
    batch.refresh_from_db()
    assert batch.report["clean"] and batch.report["counts"]["new"] == 2
    apply(world, batch)
    assert set(Suggestion.objects.values_list("lead_deputy__name", flat=True)) == {"黄岳若"}
    assert Suggestion.objects.order_by("pk").first().cosigners.get().deputy == world.cosigner


def test_the_choice_to_create_deputies_can_be_changed_on_the_preview(world):
    batch = start(world, row(1, deputy="赵新来"))
    assert not batch.report["clean"]
    importing.recheck_import(batch, create_deputies=True, actor=world.clerk, today=DAY)
    batch.refresh_from_db()
    assert batch.report["clean"] and batch.report["people"] == 1


def test_what_was_shown_is_what_is_written(world):
    take(world, book(row(1, number="1")))
    batch = start(world, row(1, number="1", note="新的备注"))
    assert batch.report["counts"]["update"] == 1
    Suggestion.objects.update(revision=7)
    with pytest.raises(DomainError, match="预检之后，这件已在别处改过"):
        apply(world, batch)
    assert Suggestion.objects.get().note == ""


def test_a_file_of_known_rows_needs_no_import(world):
    take(world, book(row(1)))
    with pytest.raises(DomainError, match="不必导入"):
        importing.claim_import(start(world, row(1)), good_rows_only=False, actor=world.clerk)


def test_the_same_batch_is_written_once(world):
    batch = start(world, row(1))
    apply(world, batch)
    importing.apply_import(batch, actor=world.clerk, today=DAY)
    assert Suggestion.objects.count() == 1
    with pytest.raises(Stale):
        importing.claim_import(batch, good_rows_only=False, actor=world.clerk)


def test_two_previews_of_one_file_import_it_once(world):
    one, two = start(world, row(1)), start(world, row(1))
    apply(world, one)
    apply(world, two)
    assert Suggestion.objects.count() == 1
    assert ImportBatch.objects.get(pk=two.pk).report["result"]["same"] == 1


# ── 任务：进度、停止、中断 ──
def test_the_task_reports_progress_and_the_end(world, monkeypatch):
    notes = []
    monkeypatch.setattr(progress, "note", lambda pk, done: notes.append(done))
    batch = start(world, *(row(at) for at in range(1, 46)))
    importing.claim_import(batch, good_rows_only=False, actor=world.clerk)
    assert tasks.write_import(batch.pk) == 45
    assert notes == [0, 20, 40]
    batch.refresh_from_db()
    assert (batch.rows_done, batch.rows_total, bool(batch.finished_at)) == (45, 45, True)
    assert tasks.write_import(batch.pk) == 0 and Suggestion.objects.count() == 45


def test_a_stopped_import_leaves_nothing_and_can_go_on(world):
    batch = start(world, *(row(at) for at in range(1, 30)))
    importing.claim_import(batch, good_rows_only=False, actor=world.clerk)
    progress.ask_to_stop(batch.pk)
    assert tasks.write_import(batch.pk) == 0
    batch.refresh_from_db()
    assert batch.failure == "已按要求停止，一行也没有写入" and not Suggestion.objects.exists()
    apply(world, batch)
    assert Suggestion.objects.count() == 29


def test_a_broken_import_says_so_and_can_be_tried_again(world, monkeypatch):
    batch = start(world, row(1))
    importing.claim_import(batch, good_rows_only=False, actor=world.clerk)
    with monkeypatch.context() as broken:
        broken.setattr(importing, "apply_import", lambda *args, **given: 1 / 0)
        assert tasks.write_import(batch.pk) == 0
    batch.refresh_from_db()
    assert batch.failure == tasks.BROKEN and importing.is_interrupted(batch)
    apply(world, batch)
    assert Suggestion.objects.count() == 1


def test_a_silent_import_counts_as_interrupted(world):
    batch = start(world, row(1))
    claimed = importing.claim_import(batch, good_rows_only=False, actor=world.clerk)
    assert not importing.is_interrupted(claimed)
    progress.forget(batch.pk)
    assert importing.is_interrupted(claimed)


# ── 撤销 ──
def taken(world, *rows, **options) -> ImportBatch:
    take(world, book(*rows), **options)
    return ImportBatch.objects.first()


def test_undo_removes_what_was_created_and_restores_what_was_changed(world):
    take(world, book(row(1, number="1", cosigners="贺景", note="原来")))
    batch = taken(
        world, row(1, number="1", cosigners="刘岚", note="改过", submitted_on=date(2026, 1, 26)),
        row(2, deputy="赵新来"), create_deputies=True,
    )
    importing.undo_import(batch, actor=world.clerk, today=DAY)
    suggestion = Suggestion.objects.get()
    assert (suggestion.note, suggestion.submitted_on) == ("原来", date(2026, 1, 25))
    assert [one.deputy for one in suggestion.cosigners.all()] == [world.cosigner]
    assert suggestion.cosigners.get().confirmed_hash == suggestion.text_hash
    assert not Deputy.objects.filter(name="赵新来").exists()
    assert AuditEvent.objects.filter(event="suggestion.import_undone").count() == 2
    assert verify()[1] is None


def test_after_undo_the_mended_file_takes_the_same_numbers(world):
    importing.undo_import(taken(world, row(1, number="5")), actor=world.clerk, today=DAY)
    assert not Suggestion.objects.exists() and not Notice.objects.exists()
    assert take(world, book(row(2, number="5"))).created == 1


@pytest.mark.parametrize("status", ["assigned", "handling", "returned", "declined"])
def test_nothing_is_undone_once_one_went_on(world, status):
    batch = taken(world, row(1, number="1"), row(2, number="2"))
    Suggestion.objects.filter(number=2).update(status=status)
    with pytest.raises(NotAllowed, match="0002"):
        importing.undo_import(batch, actor=world.clerk, today=DAY)
    assert Suggestion.objects.count() == 2


def test_nothing_is_undone_once_one_was_edited(world):
    batch = taken(world, row(1))
    Suggestion.objects.update(revision=2)
    with pytest.raises(NotAllowed, match="改过"):
        importing.undo_import(batch, actor=world.clerk, today=DAY)


def test_undo_ends_after_24_hours_and_happens_once(world):
    batch = taken(world, row(1))
    late = batch.finished_at + timedelta(hours=24, seconds=1)
    with pytest.raises(NotAllowed, match="24 小时"):
        importing.undo_import(batch, actor=world.clerk, today=DAY, now=late)
    importing.undo_import(batch, actor=world.clerk, today=DAY, now=late - timedelta(seconds=2))
    with pytest.raises(NotAllowed, match="已经撤销过"):
        importing.undo_import(batch, actor=world.clerk, today=DAY)


def test_a_number_given_to_an_old_suggestion_cannot_be_undone(world):
    take(world, book(row(1)))
    batch = taken(world, row(1, number="1"))
    with pytest.raises(NotAllowed, match="登记了编号"):
        importing.undo_import(batch, actor=world.clerk, today=DAY)


def test_a_discarded_preview_leaves_no_file(world, settings, django_capture_on_commit_callbacks):
    batch = start(world, row(1))
    assert len(stored_files(settings)) >= 1
    with django_capture_on_commit_callbacks(execute=True):
        importing.discard_import(batch, actor=world.clerk)
    assert not ImportBatch.objects.exists()
    assert not (settings.MEDIA_ROOT / batch.content.name).exists()


def test_previews_nobody_took_are_cleared_after_a_week(world, django_capture_on_commit_callbacks):
    old = start(world, row(1))
    ImportBatch.objects.filter(pk=old.pk).update(made_at=old.made_at - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        start(world, row(2))
    assert not ImportBatch.objects.filter(pk=old.pk).exists()
