"""导入的页面：四步走完、问题与改法、变化先看后写、进度、批注副本、撤销、太大的文件、不该进来的人。"""
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import multipartparser
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianluo.documents.tables import read_table
from suggestions import tasks
from suggestions.importing import columns, progress, running
from suggestions.models import ImportBatch, Suggestion
from tests.suggestions.sheets import book, row, take

pytestmark = pytest.mark.usefixtures("var_dir")
HOME = reverse("suggestions:import")


@pytest.fixture
def clerk(client, world):
    client.force_login(world.clerk)
    return client


@pytest.fixture
def at_once(monkeypatch):
    """写入不等提交、不另起线程，测试里当场写完。"""
    monkeypatch.setattr(running, "run_soon", tasks.write_import)


def send(client, world, content: bytes, name: str = "建议表.xlsx", **options):
    data = {"session": world.session.pk, "file": SimpleUploadedFile(name, content), **options}
    return client.post(HOME, data)


def page(client, name: str, batch: ImportBatch, **query) -> str:
    answer = client.get(reverse(f"suggestions:{name}", args=[batch.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def press(client, name: str, batch: ImportBatch, **data):
    return client.post(reverse(f"suggestions:{name}", args=[batch.pk]), data)


def test_the_template_is_itself_a_table_that_can_be_read(clerk, world):
    content = b"".join(clerk.get(reverse("suggestions:import_template")).streaming_content)
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.heading for column in columns.template()]
    assert str(sheet["A2"].value).startswith("※")
    for index, value in enumerate(["", "关于改造饮水管网的建议", "黄岳若", "", "长沙代表团"], start=1):
        sheet.cell(3, index, value)
    sheet.cell(3, 10, "内容")
    out = BytesIO()
    sheet.parent.save(out)
    assert len(read_table(out.getvalue(), columns.wanted(), name="表.xlsx").rows) == 1
    assert take(world, out.getvalue()).created == 1


def test_the_four_steps_of_a_clean_file(clerk, world, at_once):
    answer = send(clerk, world, book(row(1, number="1"), row(2, number="2")))
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("suggestions:import_columns", args=[batch.pk])
    assert "领衔代表" in page(clerk, "import_columns", batch)
    assert "导入 2 行" in page(clerk, "import_check", batch)
    assert not Suggestion.objects.exists()
    answer = press(clerk, "import_start", batch)
    assert answer.url == reverse("suggestions:import_run", args=[batch.pk])
    result = page(clerk, "import_run", batch)
    assert "新增 2 件" in result and "撤销导入" in result
    assert Suggestion.objects.filter(status="registered").count() == 2


def test_problems_are_addressed_like_in_excel_with_a_button_to_adopt(clerk, world):
    send(clerk, world, book(row(1, delegation="长沙团"), row(2, title="")))
    batch = ImportBatch.objects.get()
    html = page(clerk, "import_check", batch)
    assert "有 2 处问题" in html and "建议!B3 填写标题" in html
    assert "建议!E2 代表团“长沙团”不存在，最接近：长沙代表团" in html
    assert html.count("is-wrong") == 2 and 'value="delegation:2"' in html
    press(clerk, "import_adopt", batch, place="delegation:2")
    html = page(clerk, "import_check", batch)
    assert "有 1 处问题" in html and "已采用 1 处改法" in html


def test_with_problems_the_choice_must_be_made(clerk, world, at_once):
    send(clerk, world, book(row(1), row(2, title="")))
    batch = ImportBatch.objects.get()
    answer = press(clerk, "import_start", batch, mode="all")
    assert answer.status_code == 422 and "还有问题没有改好" in answer.content.decode()
    assert not Suggestion.objects.exists()
    press(clerk, "import_start", batch, mode="good")
    result = page(clerk, "import_run", batch)
    assert "新增 1 件" in result and "其余 1 行没有导入" in result and "下载批注副本" in result


def test_the_annotated_copy_marks_the_wrong_cells_and_can_be_sent_again(clerk, world):
    send(clerk, world, book(row(1), row(2, title="", phone="123")))
    batch = ImportBatch.objects.get()
    answer = clerk.get(reverse("suggestions:import_annotated", args=[batch.pk]))
    content = b"".join(answer.streaming_content)
    workbook = load_workbook(BytesIO(content))
    sheet = workbook.worksheets[0]
    assert [sheet["A1"].value, sheet["A3"].value.split("；")[0]] == ["问题", "填写标题"]
    assert sheet["C3"].comment.text == "填写标题" and sheet["H3"].comment
    sheet["C3"], sheet["H3"] = "关于补上标题的建议", "13800000002"
    out = BytesIO()
    workbook.save(out)
    assert take(world, out.getvalue()).created == 2


def test_differences_are_shown_before_confirming(clerk, world, at_once):
    take(world, book(row(1, number="1"), row(2, number="2")))
    send(clerk, world, book(row(1, number="1", note="改过备注"), row(2, number="2")))
    batch = ImportBatch.objects.filter(started_at=None).get()
    html = page(clerk, "import_check", batch)
    assert "要更新 1 格" in html and "改过备注" in html and html.count("is-changed") == 1
    assert not Suggestion.objects.filter(note="改过备注").exists()
    press(clerk, "import_start", batch)
    assert Suggestion.objects.get(number=1).note == "改过备注"


def test_a_file_of_known_rows_offers_no_import(clerk, world):
    take(world, book(row(1)))
    send(clerk, world, book(row(1)))
    html = page(clerk, "import_check", ImportBatch.objects.filter(started_at=None).get())
    assert "每一行都已在系统里" in html and "import_start" not in html


def test_the_preview_turns_pages_and_tabs(clerk, world):
    send(clerk, world, book(*(row(at, title="" if at == 60 else f"关于第{at}项的建议") for at in range(1, 121))))
    batch = ImportBatch.objects.get()
    assert "关于第51项的建议" not in page(clerk, "import_check", batch)
    assert "关于第51项的建议" in page(clerk, "import_check", batch, page=2)
    assert "关于第1项的建议" not in page(clerk, "import_check", batch, tab="bad")
    for odd in ("0", "-1", "999999999999", "甲"):
        assert page(clerk, "import_check", batch, page=odd, size=odd, tab=odd)


def test_the_preview_asks_few_questions_however_long_the_file(clerk, world, django_assert_max_num_queries):
    send(clerk, world, book(*(row(at) for at in range(1, 201))))
    url = reverse("suggestions:import_check", args=[ImportBatch.objects.get().pk])
    with django_assert_max_num_queries(15):
        clerk.get(url)


def test_progress_is_a_fragment_until_the_end(clerk, world, monkeypatch):
    monkeypatch.setattr(running, "run_soon", lambda pk: None)
    send(clerk, world, book(*(row(at) for at in range(1, 11))))
    batch = ImportBatch.objects.get()
    press(clerk, "import_start", batch)
    progress.note(batch.pk, 4)
    url = reverse("suggestions:import_run", args=[batch.pk])
    answer = clerk.get(url, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "4 / 10 行（40%）" in answer.content.decode()
    assert f'data-poll="{url}"' in page(clerk, "import_run", batch)
    tasks.write_import(batch.pk)
    answer = clerk.get(url, headers={"HX-Request": "true"})
    assert answer.status_code == 286 and "新增 10 件" in answer.content.decode()


def test_a_stopped_import_can_be_taken_up_again(clerk, world, monkeypatch):
    monkeypatch.setattr(running, "run_soon", lambda pk: None)
    send(clerk, world, book(*(row(at) for at in range(1, 25))))
    batch = ImportBatch.objects.get()
    press(clerk, "import_start", batch)
    press(clerk, "import_stop", batch)
    tasks.write_import(batch.pk)
    assert "已按要求停止，一行也没有写入" in page(clerk, "import_run", batch)
    monkeypatch.setattr(running, "run_soon", tasks.write_import)
    press(clerk, "import_resume", batch)
    assert "新增 24 件" in page(clerk, "import_run", batch)


def test_the_writing_runs_beside_the_page(world, var_dir, django_capture_on_commit_callbacks, monkeypatch):
    """没有消息队列：提交之后另起线程；有的交给队列。"""
    threads, sent = [], []
    monkeypatch.setattr(running, "start_thread", threads.append)
    monkeypatch.setattr(running.settings, "REDIS_URL", "")
    with django_capture_on_commit_callbacks(execute=True):
        running.run_soon(7)
        assert not threads
    assert len(threads) == 1
    monkeypatch.setattr(running.settings, "REDIS_URL", "redis://127.0.0.1:6379/15")
    monkeypatch.setattr(tasks.write_import, "delay", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        running.run_soon(8)
    assert sent == [8] and len(threads) == 1


def test_undo_asks_first_and_then_removes_the_batch(clerk, world):
    take(world, book(row(1), row(2)))
    batch = ImportBatch.objects.get()
    assert "新增的 2 件从系统里删去" in page(clerk, "import_undo", batch)
    assert Suggestion.objects.count() == 2
    assert press(clerk, "import_undo", batch).status_code == 302
    assert not Suggestion.objects.exists()
    assert "已撤销这次导入" in page(clerk, "import_run", batch)


def test_undo_refused_says_why(clerk, world):
    take(world, book(row(1, number="1")))
    batch = ImportBatch.objects.get()
    Suggestion.objects.update(status="assigned")
    assert "0001" in page(clerk, "import_undo", batch)
    assert press(clerk, "import_undo", batch).status_code == 409
    assert Suggestion.objects.count() == 1


def test_a_preview_can_be_thrown_away(clerk, world):
    send(clerk, world, book(row(1)))
    assert press(clerk, "import_discard", ImportBatch.objects.get()).url == HOME
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("表.xlsx", b"", "文件是空的（0 字节），检查后重新选择文件"),
    ("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .xlsx"),
    ("表.xlsx", "标题,领衔代表\n".encode(), "扩展名改为 .csv"),
    ("表.csv", "甲,乙\n一,二\n".encode(), "前 10 行里没有找到表头"),
])
def test_a_file_refused_whole_leaves_nothing_and_keeps_the_form(clerk, world, settings, name, content, sentence):
    answer = send(clerk, world, content, name)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not ImportBatch.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.*"))


def test_without_a_file_the_page_asks_for_one(clerk, world):
    answer = clerk.post(HOME, {"session": world.session.pk})
    assert answer.status_code == 422 and "选择要上传的文件" in answer.content.decode()


def test_too_large_a_body_is_refused_before_it_is_parsed(clerk, world, monkeypatch):
    monkeypatch.setattr(multipartparser.MultiPartParser, "parse", lambda self: pytest.fail("不该解析"))
    answer = clerk.generic(
        "POST", HOME, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(11 * 1024 * 1024)
    )
    assert answer.status_code == 413
    assert "文件超过 10 MB，缩小或分成几份后再上传" in answer.content.decode()


def test_the_upload_page_still_checks_the_form_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.clerk)
    assert send(client, world, book(row(1))).status_code == 403
    assert not ImportBatch.objects.exists()


def test_a_form_sent_twice_makes_one_batch(clerk, world):
    token = "a" * 24
    first = send(clerk, world, book(row(1)), form_token=token)
    second = send(clerk, world, book(row(1)), form_token=token)
    assert first.url == second.url and ImportBatch.objects.count() == 1


@pytest.mark.parametrize("who", ["stranger", "gov", "committee", "delegation_staff"])
def test_only_those_who_may_import_come_in(client, world, who):
    client.force_login(getattr(world, who))
    assert client.get(HOME).status_code == 403
    take(world, book(row(1)))
    batch = ImportBatch.objects.get()
    for name in ("check", "columns", "run", "annotated", "undo"):
        assert client.get(reverse(f"suggestions:import_{name}", args=[batch.pk])).status_code == 403
    for name in ("adopt", "options", "discard", "start", "resume", "stop", "undo"):
        assert client.post(reverse(f"suggestions:import_{name}", args=[batch.pk])).status_code == 403
    assert Suggestion.objects.count() == 1


def test_names_in_the_file_are_shown_as_text(clerk, world):
    send(clerk, world, book(row(1, title="<script>x()</script>", deputy="<img src=x>")), "<b>表</b>.xlsx")
    html = page(clerk, "import_check", ImportBatch.objects.get()) + clerk.get(HOME).content.decode()
    assert "<script>x()" not in html and "<img src=x>" not in html and "<b>表" not in html
    assert "&lt;script&gt;x()" in html
