"""附件：收下、移除、下载、谁看得到。"""
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianluo.statemachine import DomainError, NotAllowed
from suggestions.actions import attaching, registering
from suggestions.models import Attachment

from .drafts import draft, entered, registered, submitted

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def pdf(name="说明.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.fixture(autouse=True)
def _files(var_dir):
    """文件存到这一个测试自己的目录。"""


def add(case, actor, purpose="material", **kwargs):
    return attaching.add_attachment(case, pdf(**kwargs), purpose=purpose, actor=actor)


def test_the_stored_name_has_nothing_of_the_shown_name(world):
    row = add(draft(world), world.lead_deputy.account, name="../../etc/说明.pdf")
    assert row.shown_name == "说明.pdf"
    assert "说明" not in row.content.name
    assert ".." not in row.content.name
    assert row.size == len(PDF)
    assert len(row.sha256) == 64


def test_at_most_five_materials_but_scans_besides(world):
    case = draft(world)
    for number in range(5):
        add(case, world.lead_deputy.account, name=f"{number}.pdf")
    with pytest.raises(DomainError, match="至多 5 份") as caught:
        add(case, world.lead_deputy.account)
    assert caught.value.field == "file"
    add(case, world.clerk, purpose="original")


def test_a_program_is_refused_and_nothing_is_stored(world):
    case = draft(world)
    with pytest.raises(DomainError):
        attaching.add_attachment(
            case, SimpleUploadedFile("a.pdf", b"MZ\x90\x00"), purpose="material", actor=world.lead_deputy.account
        )
    assert not Attachment.objects.exists()


def test_removal_deletes_the_file_after_commit(world, django_capture_on_commit_callbacks):
    row = add(submitted(world), world.clerk, purpose="original")
    name, storage = row.content.name, row.content.storage
    with django_capture_on_commit_callbacks(execute=True):
        attaching.remove_attachment(row, actor=world.clerk)
    assert not storage.exists(name)


def test_after_registration_attachments_stay(world):
    case = entered(world)
    row = add(case, world.clerk)
    registering.register_suggestion(case, actor=world.clerk, today=case.submitted_on)
    with pytest.raises(NotAllowed, match="不能再移除"):
        attaching.remove_attachment(row, actor=world.clerk)


def test_download_is_an_attachment_with_safe_headers_and_hidden_from_strangers(world, client):
    row = add(registered(world), world.clerk)
    url = reverse("suggestions:attachment", args=[row.pk])
    assert client.get(url).status_code == 302
    for stranger in (world.stranger, world.other_deputy.account, world.water.liaison):
        client.force_login(stranger)
        assert client.get(url).status_code == 404
    client.force_login(world.clerk)
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == PDF


def test_a_proxy_evaluation_scan_is_only_for_the_office(world, client):
    row = add(registered(world), world.clerk, purpose="evaluation")
    url = reverse("suggestions:attachment", args=[row.pk])
    client.force_login(world.lead_deputy.account)
    assert client.get(url).status_code == 404
    client.force_login(world.second_clerk)
    assert client.get(url).status_code == 200


def test_uploading_and_removing_through_the_page(world, client):
    case = entered(world)
    client.force_login(world.clerk)
    url = reverse("suggestions:attach", args=[case.pk, "original"])
    page = client.post(url, {"file": pdf()}, follow=True)
    assert "说明.pdf" in page.content.decode()
    refused = client.post(url, {})
    assert refused.status_code == 422
    assert "选择要上传的文件" in refused.content.decode()
    row = Attachment.objects.get()
    client.post(reverse("suggestions:attachment_remove", args=[row.pk]))
    assert not Attachment.objects.exists()


def test_an_outsider_cannot_upload_and_an_unknown_slot_is_404(world, client):
    case = registered(world)
    client.force_login(world.committee)
    assert client.post(reverse("suggestions:attach", args=[case.pk, "material"]), {"file": pdf()}).status_code == 403
    client.force_login(world.clerk)
    assert client.get(reverse("suggestions:attach", args=[case.pk, "reply"])).status_code == 404
