"""恶意文件全部走一遍接口：每份文件一个全新的状态（清单里的代表团、勾选新建代表），判定、点到的格、时限以清单为准。

接收方只有本机（见 tests/conftest.py），清单里的金丝雀地址另起一个监听，连上一次就算失败。
"""
import csv
import io
import json
import socket
import threading
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from lianluo.audit.models import AuditEvent
from lianluo.documents.workbooks import write_workbook
from suggestions.importing import columns
from suggestions.models import Attachment, Delegation, Deputy, ImportBatch, Suggestion
from tests.suggestions.drafts import entered

HOSTILE = Path(__file__).parents[1] / "data" / "hostile"
MANIFEST = json.loads((HOSTILE / "manifest.json").read_text(encoding="utf-8"))
IMPORTS = [case for case in MANIFEST["files"] if case["feature"] == "import"]
ATTACHMENTS = [case for case in MANIFEST["files"] if case["feature"] == "attachment"]
NAMES = MANIFEST["upload_names"]
PAYLOADS = {group["group"]: json.loads(group["strings_json"]) for group in MANIFEST["text_payloads"]}
IMPORT_URL = "/api/v1/suggestions/imports/"
FORBIDDEN = ("请", "抱歉", "！", "非法", "输入有误", "操作失败")
KEYS = {"ok", "rows_ok", "created", "updated", "unchanged", "errors", "warnings"}


def named(case: dict) -> str:
    return f"{case['id']}-{case['file']}"


@pytest.fixture(scope="module")
def canary():
    """金丝雀：有人来连就记下。"""
    host, port = MANIFEST["canary"].split(":")
    visits, listener = [], socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port)))
    except OSError:
        pytest.skip(f"{MANIFEST['canary']} 已被占用")
    listener.listen()
    listener.settimeout(0.2)
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            try:
                connection, who = listener.accept()
            except TimeoutError:
                continue
            visits.append(who)
            connection.close()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    yield visits
    stop.set()
    watcher.join(2)
    listener.close()


@pytest.fixture
def fresh(world, var_dir):
    """清单里的五个代表团，没有件。"""
    for name in MANIFEST["profile"]["orgs"]:
        Delegation.objects.get_or_create(congress=world.congress, name=name)
    return world


@pytest.fixture
def office(client, fresh):
    client.force_login(fresh.clerk)
    return client


def send(client, case: dict, content: bytes | None = None, **options):
    content = content or (HOSTILE / case["file"]).read_bytes()
    upload = SimpleUploadedFile(case["upload_as"], content, case["content_type"])
    return client.post(IMPORT_URL, {"file": upload, "create_deputies": "true", **options})


def traces(var_dir) -> dict:
    """会留下的一切：行、文件、批次、留痕里的件。"""
    files = [str(path) for path in (var_dir / "files").rglob("*") if path.is_file()]
    return {
        "suggestions": Suggestion.objects.count(), "deputies": Deputy.objects.count(),
        "batches": ImportBatch.objects.count(), "attachments": Attachment.objects.count(), "files": sorted(files),
        "events": AuditEvent.objects.exclude(chain="system").count(),
    }


def is_one_sentence(text: str) -> bool:
    return bool(text) and "\n" not in text and not any(word in text for word in FORBIDDEN)


def expected_cells(case: dict) -> list[str]:
    """清单点名的坏格。"""
    facts = case.get("facts", {})
    listed = facts.get("bad_cells") or [one["cell"] for one in facts.get("bad", [])]
    return listed or [one["cell"] for one in facts.get("cells", []) if one["expect"].startswith("bad")]


@pytest.mark.parametrize("case", IMPORTS, ids=named)
def test_each_import_file_gets_its_verdict_and_leaves_nothing_when_refused(case, office, var_dir, canary):
    before = traces(var_dir)
    started = time.monotonic()
    answer = send(office, case)
    seconds = time.monotonic() - started
    body = answer.json()
    assert answer.status_code in case["http"]
    assert seconds < case["limits"]["seconds"]
    assert set(body) == KEYS and body["ok"] == (answer.status_code == 201)
    allowed = {"accept": (True,), "reject": (False,), "row_errors": (False,)}
    assert body["ok"] in allowed.get(case["verdict"], (True, False))
    if body["ok"]:
        assert body["created"] == Suggestion.objects.count() == case.get("facts", {}).get("rows_ok", body["created"])
    else:
        assert traces(var_dir) == before
        assert body["errors"] and all(is_one_sentence(one["message"]) for one in body["errors"])
        assert (body["created"], body["updated"], body["unchanged"]) == (0, 0, 0)
    assert canary == []


@pytest.mark.parametrize("case", [case for case in IMPORTS if expected_cells(case)], ids=named)
def test_every_bad_cell_is_named_in_one_answer_and_no_other(case, office):
    errors = send(office, case).json()["errors"]
    assert [one["cell"] for one in errors if one["cell"]] == expected_cells(case)
    assert {one["sheet"] for one in errors} == {MANIFEST["profile"]["sheet"]}


@pytest.mark.parametrize(
    ("number", "lines"), [("C10", [12, 13]), ("C11", [12]), ("C07", [2])], ids=["C10", "C11", "C07"]
)
def test_csv_problems_name_their_lines(number, lines, office):
    case = next(case for case in IMPORTS if case["id"] == number)
    assert [one["line"] for one in send(office, case).json()["errors"]] == lines


@pytest.mark.parametrize("case", [case for case in IMPORTS if case["verdict"] == "accept"], ids=named)
def test_an_accepted_file_sent_again_changes_nothing(case, office, var_dir):
    first = send(office, case).json()
    before = traces(var_dir)
    second = send(office, case).json()
    assert (second["ok"], second["created"], second["updated"]) == (True, 0, 0)
    assert second["unchanged"] == second["rows_ok"] == first["created"]
    assert traces(var_dir) == before


def case_of(number: str) -> dict:
    return next(case for case in IMPORTS if case["id"] == number)


def test_x01_every_cell_in_the_database_equals_the_file(office):
    send(office, case_of("X01"))
    for number, suggestion in enumerate(Suggestion.objects.order_by("pk"), start=1):
        assert suggestion.title == f"关于推进第{number}项民生实事的建议"
        assert suggestion.body == f"建议内容第{number}条：请有关部门研究办理。"
        assert suggestion.lead_deputy.name == f"代表{number}"
        assert suggestion.delegation.name == MANIFEST["profile"]["orgs"][number % 5]
        assert suggestion.contact_phone == f"138{number:08d}"
        assert suggestion.status == "submitted"
    assert Suggestion.objects.order_by("pk")[1].submitted_on == date(2026, 3, 3)


def test_x11_and_c14_formula_like_text_is_stored_unchanged(office):
    send(office, case_of("X11"))
    titles = list(Suggestion.objects.order_by("pk").values_list("title", flat=True))
    assert titles == case_of("X11")["facts"]["export_leads"]


def test_x11_exported_text_is_a_string_cell_and_imports_back_equal(office):
    send(office, case_of("X11"))
    before = list(Suggestion.objects.order_by("pk").values_list("title", "body"))
    book = b"".join(office.get(reverse("suggestions:export")).streaming_content)
    assert b"<f>" not in unzipped(book, "xl/worksheets/sheet1.xml")
    again = office.post(IMPORT_URL, {"file": SimpleUploadedFile("导出.xlsx", book)}).json()
    assert (again["ok"], again["unchanged"]) == (True, 12)
    assert list(Suggestion.objects.order_by("pk").values_list("title", "body")) == before


def unzipped(book: bytes, part: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(book)).read(part)


def test_x18_every_right_cell_of_a_half_wrong_file_is_read_as_declared(office):
    body = send(office, case_of("X18"), mode="good").json()
    assert body["ok"] and body["created"] == body["rows_ok"]
    phones = set(Suggestion.objects.values_list("contact_phone", flat=True))
    assert {"13800000012", "13800000013"} <= phones and not any("." in phone for phone in phones)
    assert Suggestion.objects.filter(title="2026").exists()


def test_x19_dates_of_the_1904_system(office):
    send(office, case_of("X19"))
    assert set(Suggestion.objects.values_list("submitted_on", flat=True)) == {date(2026, 3, 31)}


def test_x20_the_hidden_sheets_are_named(office):
    assert "2 张隐藏的工作表没有导入" in send(office, case_of("X20")).json()["warnings"][0]["message"]


def test_x23_rare_names_are_kept_and_found_by_any_interpunct(office):
    body = send(office, case_of("X23")).json()
    names = case_of("X23")["facts"]["names"]
    stored = list(Suggestion.objects.order_by("pk").values_list("lead_deputy__name", flat=True))
    assert stored == names
    for written in names[11:17]:
        found = set(Deputy.objects.named(written).values_list("name", flat=True))
        assert set(names[11:17]) == found
    said = " ".join(one["message"] for one in body["warnings"])
    assert "U+E863" in said and "U+2F804" in said


def test_x30_all_or_the_good_ones_and_every_row_once_after_correction(office):
    case = case_of("X30")
    whole = send(office, case).json()
    assert (whole["rows_ok"], whole["created"], Suggestion.objects.count()) == (592, 0, 0)
    good = send(office, case, mode="good").json()
    assert (good["ok"], good["created"], len(good["errors"])) == (True, 592, 8)
    corrected = mended(case)
    again = send(office, case, content=corrected).json()
    assert (again["ok"], again["created"], again["unchanged"]) == (True, 8, 592)
    assert Suggestion.objects.count() == 600


def mended(case: dict) -> bytes:
    """把八个坏格改好。"""
    book = load_workbook(HOSTILE / case["file"])
    sheet = book.active
    for bad in case["facts"]["bad"]:
        line = int(bad["cell"][1:])
        right = {"B": f"关于推进第{line - 1}项民生实事的建议", "E": f"138{line - 1:08d}", "F": date(2026, 4, 4),
                 "D": MANIFEST["profile"]["orgs"][(line - 1) % 5]}
        sheet[bad["cell"]] = right[bad["cell"][0]]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_c13_line_breaks_commas_and_quotes_inside_a_field_survive(office):
    send(office, case_of("C13"))
    with (HOSTILE / "multiline_fields.csv").open(encoding="utf-8-sig", newline="") as file:
        bodies = {row["内容"] for row in csv.DictReader(file)}
    assert set(Suggestion.objects.values_list("body", flat=True)) == bodies


# ── 附件 ──
@pytest.fixture
def case(fresh):
    return entered(fresh)


def attach(client, case, name: str, content: bytes, content_type: str = "application/pdf"):
    url = f"/api/v1/suggestions/{case.pk}/attachments/"
    return client.post(url, {"file": SimpleUploadedFile(name, content, content_type)})


@pytest.mark.parametrize("hostile", ATTACHMENTS, ids=named)
def test_each_attachment_gets_its_verdict(hostile, office, case, var_dir, canary):
    before = traces(var_dir)
    content = (HOSTILE / hostile["file"]).read_bytes()
    started = time.monotonic()
    answer = attach(office, case, hostile["upload_as"], content, hostile["content_type"])
    assert time.monotonic() - started < hostile["limits"]["seconds"]
    assert answer.status_code in hostile["http"]
    if answer.status_code == 201:
        assert hostile["verdict"] != "reject"
        check_download(office, answer.json(), content, hostile)
    else:
        assert hostile["verdict"] != "accept"
        assert answer.status_code == 422 and is_one_sentence(answer.json()["detail"])
        assert traces(var_dir) == before
    assert canary == []


def check_download(client, stored: dict, content: bytes, hostile: dict) -> None:
    """存下的一律作附件送出；不是图片的一个字节不动，图片重新编码过。"""
    answer = client.get(reverse("suggestions:attachment", args=[stored["id"]]))
    given = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    if stored["content_type"].startswith("image/"):
        assert b"<script" not in given and b"GPS" not in given and b"eXIf" not in given
    else:
        assert given == content


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name["what"])
def test_hostile_upload_names_are_only_data(name, office, case, var_dir):
    shown = bytes.fromhex(name["name_utf8_hex"]).decode("utf-8", "surrogatepass")
    content = (HOSTILE / "ok_plain.pdf").read_bytes()
    raw = bytes.fromhex(name["name_utf8_hex"])
    answer = post_with_raw_name(office, case, raw, content)
    assert answer.status_code in (201, 422, 400)
    if name["verdict"] == "accept":
        assert answer.status_code == 201, shown
    roots = {path for path in var_dir.rglob("*") if path.is_file()}
    assert all(var_dir / "files" in path.parents or path.name.startswith("lianluo") for path in roots)
    assert not any("hostile_name" in path.name for path in roots)
    if answer.status_code == 201:
        download = office.get(reverse("suggestions:attachment", args=[answer.json()["id"]]))
        assert "filename*=UTF-8''" in download["Content-Disposition"] and "\n" not in download["Content-Disposition"]
        assert "X-Injected" not in download
        assert len(answer.json()["shown_name"].encode()) <= 200


def post_with_raw_name(client, case, name: bytes, content: bytes):
    """文件名按原样的字节发出，测试客户端自己不肯发的也发。"""
    edge = b"----lianluo-test"
    quoted = name.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    body = b"".join([
        b"--", edge, b'\r\nContent-Disposition: form-data; name="file"; filename="', quoted,
        b'"\r\nContent-Type: application/pdf\r\n\r\n', content, b"\r\n--", edge, b"--\r\n",
    ])
    return client.generic(
        "POST", f"/api/v1/suggestions/{case.pk}/attachments/", body,
        content_type=f"multipart/form-data; boundary={edge.decode()}",
    )


# ── 文字 ──
API = "/api/v1/suggestions/"
API_FIELDS = ("search", "ordering", "number", "submitted_after", "page", "status")
PAGE_FIELDS = ("words", "sort", "session", "delegation")
LONGEST = 2.0  # 秒，按本进程所用的时间算，别的测试同时在跑也不受影响


def cost(act) -> tuple:
    started = time.process_time()
    return act(), time.process_time() - started


@pytest.mark.parametrize("group", sorted(PAYLOADS))
def test_text_payloads_in_search_and_filters_never_break_the_list(group, office, case):
    """每一串放进每一个条件：不 5xx、不超时。"""
    places = [(API, field) for field in API_FIELDS] + [(reverse("suggestions:list"), field) for field in PAGE_FIELDS]
    for text in PAYLOADS[group]:
        value = text[:4000].encode("utf-8", "replace").decode()
        for url, field in places:
            answer, seconds = cost(lambda url=url, field=field, value=value: office.get(url, {field: value}))
            assert answer.status_code < 500, (url, field, text[:40])
            assert seconds < LONGEST, (url, field, text[:40])


@pytest.mark.parametrize("group", sorted(PAYLOADS))
def test_text_payloads_in_text_fields_are_stored_or_refused_with_a_sentence(group, office, fresh):
    """录入一件：标题、内容、备注都是这一串。"""
    for text in PAYLOADS[group]:
        data = {"title": text, "body": text, "requests": [text], "note": text, "lead_deputy": fresh.lead_deputy.pk}
        body = json.dumps(data)
        answer, seconds = cost(lambda body=body: office.post(API, body, content_type="application/json"))
        assert answer.status_code < 500 and seconds < LONGEST, text[:40]
        if answer.status_code >= 400:
            assert is_one_sentence(answer.json()["detail"])


@pytest.mark.parametrize("group", sorted(PAYLOADS))
def test_text_payloads_as_cells_are_stored_as_text_or_refused_by_address(group, office, fresh):
    """每一串当作标题与内容导入：要么照存，要么指到格；页面上只是文字。"""
    texts = [text for text in PAYLOADS[group] if text.strip() and len(text) <= 30_000 and "\0" not in text]
    rows = [
        {"title": text[:200], "deputy": "黄岳若", "delegation": "长沙代表团", "body": text, "note": str(number)}
        for number, text in enumerate(texts)
    ]
    book = write_workbook("建议", columns.template(), rows)
    started = time.monotonic()
    body = office.post(IMPORT_URL, {"file": SimpleUploadedFile("表.xlsx", book), "mode": "good"}).json()
    assert time.monotonic() - started < 5
    bad = {one["line"] for one in body["errors"]}
    kept = [text for line, text in enumerate(texts, start=2) if line not in bad]
    stored = {row.note: row for row in Suggestion.objects.all()}
    for text in kept:
        row = stored[str(texts.index(text))]
        assert (row.title, row.body) == (text[:200], text)
    page = office.get(reverse("suggestions:list")).content.decode()
    assert "<script>document.title" not in page and "<img src=x" not in page

