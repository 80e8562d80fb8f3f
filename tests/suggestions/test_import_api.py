"""导入的接口：同一份 JSON、权限、太大的请求、只办一次、附件。"""
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import multipartparser

from lianluo.documents.workbooks import SheetColumn
from suggestions.models import Attachment, ImportBatch, Suggestion
from tests.suggestions.drafts import entered, submitted
from tests.suggestions.sheets import book, row

pytestmark = pytest.mark.usefixtures("var_dir")
URL = "/api/v1/suggestions/imports/"
KEYS = ["ok", "rows_ok", "created", "updated", "unchanged", "errors", "warnings"]


@pytest.fixture
def clerk(client, world):
    client.force_login(world.clerk)
    return client


def send(client, content: bytes, name: str = "表.xlsx", headers=None, **data):
    return client.post(URL, {"file": SimpleUploadedFile(name, content), **data}, headers=headers or {})


def test_a_clean_file_is_taken_with_201(clerk, world):
    answer = send(clerk, book(row(1), row(2)))
    assert answer.status_code == 201
    assert list(answer.json()) == KEYS
    assert answer.json() == dict(zip(KEYS, [True, 2, 2, 0, 0, [], []], strict=True))
    assert Suggestion.objects.filter(made_by=world.clerk).count() == 2


def test_a_wrong_cell_refuses_with_422_and_its_address(clerk, world):
    answer = send(clerk, book(row(1), row(2, phone="123")))
    assert answer.status_code == 422 and not Suggestion.objects.exists()
    body = answer.json()
    assert list(body) == KEYS and (body["ok"], body["rows_ok"], body["created"]) == (False, 1, 0)
    assert (body["errors"][0]["sheet"], body["errors"][0]["cell"], body["errors"][0]["line"]) == ("建议", "G3", 3)


def test_the_options(clerk, world):
    content = book(row(1, deputy="赵新来"), row(2, title=""))
    assert send(clerk, content, mode="good").status_code == 422
    assert send(clerk, content, mode="good", create_deputies="true", dry_run="true").json()["created"] == 1
    assert not Suggestion.objects.exists()
    assert send(clerk, content, mode="good", create_deputies="true").json()["created"] == 1
    assert send(clerk, book(row(3)), session="14-4").status_code == 201
    assert send(clerk, book(row(4)), session="13-1").json()["errors"][0]["message"].startswith("没有这次会议")


@pytest.mark.parametrize("data", [{"mode": "some"}, {"dry_run": "或许"}, {"actor": "clerk"}])
def test_wrong_options_are_refused_in_the_same_shape(clerk, world, data):
    answer = send(clerk, book(row(1)), **data)
    assert answer.status_code == 422 and list(answer.json()) == KEYS
    assert not Suggestion.objects.exists()


def test_no_file_or_an_empty_one_is_refused_with_a_sentence(clerk, world):
    assert clerk.post(URL, {}).json()["errors"][0]["message"] == "选择要上传的文件"
    assert send(clerk, b"").json()["errors"][0]["message"] == "文件是空的（0 字节），检查后重新选择文件"


def test_too_large_a_body_is_refused_before_it_is_parsed(clerk, world, monkeypatch):
    monkeypatch.setattr(multipartparser.MultiPartParser, "parse", lambda self: pytest.fail("不该解析"))
    for url, megabytes in ((URL, 11), (f"/api/v1/suggestions/{entered(world).pk}/attachments/", 21)):
        answer = clerk.generic(
            "POST", url, b"x", content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(megabytes * 1024 * 1024),
        )
        assert answer.status_code == 413 and "MB，缩小或分成几份后再上传" in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [
    ("clerk", 201), ("secretariat", 201), ("gov", 403), ("committee", 403), ("delegation_staff", 403),
    ("stranger", 403),
])
def test_who_may_import(client, world, who, status):
    client.force_login(getattr(world, who))
    assert send(client, book(row(1))).status_code == status
    assert Suggestion.objects.count() == (1 if status == 201 else 0)


def test_a_stranger_without_login_is_turned_away(client, world):
    assert send(client, book(row(1))).status_code in (401, 403)


def test_the_same_key_gives_the_first_result(clerk, world):
    headers = {"Idempotency-Key": "daoru-0001"}
    first, second = (send(clerk, book(row(1)), headers=headers) for _ in range(2))
    assert first.json() == second.json() and second.json()["created"] == 1
    assert (ImportBatch.objects.count(), Suggestion.objects.count()) == (1, 1)


def test_a_refused_import_does_not_use_up_its_key(clerk, world):
    headers = {"Idempotency-Key": "daoru-0002"}
    assert send(clerk, book(row(1, title="")), headers=headers).status_code == 422
    assert send(clerk, book(row(1)), headers=headers).status_code == 201


def test_the_schema_documents_both(clerk, world):
    schema = clerk.get("/api/schema/?format=json").content.decode()
    for said in ("/api/v1/suggestions/imports/", "attachments/", "导入一张建议表", "给一件加一份附件"):
        assert said in schema


# ── 附件 ──
def attach(client, case, content: bytes = b"%PDF-1.4\n%%EOF", name: str = "原件.pdf", **data):
    return client.post(
        f"/api/v1/suggestions/{case.pk}/attachments/", {"file": SimpleUploadedFile(name, content), **data}
    )


def test_an_attachment_is_taken_with_its_digest(clerk, world):
    case = entered(world)
    answer = attach(clerk, case, purpose="original")
    attachment = Attachment.objects.get()
    assert answer.status_code == 201
    assert answer.json()["sha256"] == attachment.sha256 and answer.json()["shown_name"] == "原件.pdf"
    assert (attachment.purpose, attachment.suggestion) == ("original", case)


def test_a_refused_attachment_says_what_to_do(clerk, world):
    answer = attach(clerk, entered(world), b"MZ\0\0", "a.exe")
    assert answer.status_code == 422 and answer.json()["detail"].startswith("a.exe：不收这种文件")
    assert clerk.post(f"/api/v1/suggestions/{Suggestion.objects.get().pk}/attachments/", {}).status_code == 422
    assert not Attachment.objects.exists()


def test_whose_suggestion_takes_whose_attachment(client, world):
    case = submitted(world)
    client.force_login(world.lead_deputy.account)
    assert attach(client, case).status_code == 201
    client.force_login(world.other_deputy.account)
    assert attach(client, case).status_code == 404
    client.force_login(world.cosigner.account)
    assert attach(client, case).status_code == 404
    assert Attachment.objects.count() == 1


def test_the_same_key_attaches_once(clerk, world):
    case = entered(world)
    url = f"/api/v1/suggestions/{case.pk}/attachments/"
    for _ in range(2):
        answer = clerk.post(
            url, {"file": SimpleUploadedFile("原件.pdf", b"%PDF-1.4\n%%EOF")}, headers={"Idempotency-Key": "fujian-01"}
        )
        assert answer.status_code == 201
    assert Attachment.objects.count() == 1


def test_half_a_character_in_a_heading_or_a_cell_breaks_neither_answer_nor_preview(clerk, world):
    """半个代理项、空字符：指到格，应答和存下的预检都是能读的文字。"""
    odd = SheetColumn("odd", "怪\ud800列")
    content = book(row(1), row(2, title="半个\udc00字", odd="\ud800"), extra=(odd,))
    answer = send(clerk, content, mode="good")
    assert answer.status_code == 201 and answer.json()["created"] == 1
    said = [one["message"] for one in (*answer.json()["errors"], *answer.json()["warnings"])]
    assert any("不完整的字符" in text for text in said) and any("怪\ufffd列" in text for text in said)
    batch = ImportBatch.objects.get()
    assert "半个\ufffd字" in str(batch.report["rows"])
