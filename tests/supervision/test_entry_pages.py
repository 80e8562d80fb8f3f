"""台账一条一页：状态与缺项，申请、核准、不予、批量核准、恢复、报进展。"""
from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from handlers.models import Reply
from supervision.models import LedgerEntry, LedgerProgress, SigningOff
from tests.cases import TODAY
from tests.supervision.factory import alone, entry_of, grant, reported
from tests.supervision.pages import browser, page, post, queries, text_of

pytestmark = pytest.mark.django_db


def proof(name: str = "验收单.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "验收合格".encode(), content_type="text/plain")


# ── 一条一页 ──
def test_the_entry_page_tells_state_missing_progress_and_history(world):
    journey = alone(world).to("delivered")
    reported(journey, journey.entry)
    text = text_of(page(world.water.liaison, f"/ledger/{journey.entry.pk}/"))
    for words in ("销号还差 2 项", "还未填办理意见表", "完工 12/30 座", "怎样算出来的", "还没有申请过销号", "申请销号"):
        assert words in text


@pytest.mark.parametrize("stage", ["delivered", "applied", "signed_off"])
def test_only_what_one_may_do_now_is_offered(world, stage):
    journey = alone(world).to(stage)
    url = f"/ledger/{journey.entry.pk}/"
    offered = {
        name: page(getattr(world, name), url).context for name in ("clerk", "gov", "committee")
    } | {"liaison": page(world.water.liaison, url).context, "officer": page(world.water.officer, url).context}
    wanted = {
        "delivered": {"liaison": {"applies", "reports"}, "officer": {"reports"}},
        "applied": {"clerk": {"decides"}, "liaison": {"reports"}, "officer": {"reports"}},
        "signed_off": {"clerk": {"reopens"}},
    }[stage]
    for name, context in offered.items():
        can = {key for key in ("applies", "decides", "reports", "reopens") if context[key]}
        assert can == wanted.get(name, set()), (stage, name)


def test_the_entry_page_takes_few_queries(world):
    journey = alone(world, result="C").to("delivered")
    for account in (world.clerk, world.water.liaison):
        assert queries(account, f"/ledger/{journey.entry.pk}/") <= 18


# ── 申请 ──
def test_applying_through_the_page(world):
    journey = alone(world).to("published")
    url = f"/ledger/{journey.entry.pk}/apply/"
    answer = post(world.water.liaison, url, statement="已办完", evidence=[proof()])
    assert (answer.status_code, answer.url) == (302, f"/ledger/{journey.entry.pk}/")
    assert journey.entry.status == "ready"
    assert journey.entry.signing_offs.get().evidence.get().shown_name == "验收单.txt"


def test_applying_twice_with_one_token_makes_one_application(world):
    journey = alone(world).to("published")
    url = f"/ledger/{journey.entry.pk}/apply/"
    for _ in range(2):
        assert post(world.water.liaison, url, statement="已办完", evidence=[proof()]).status_code == 302
    assert journey.entry.signing_offs.count() == 1
    assert journey.suggestion.attachments.filter(purpose="evidence").count() == 1


def test_applying_without_evidence_names_the_field_and_keeps_the_words(world):
    """scene 20：没有佐证不给销号，指出是哪一项。"""
    journey = alone(world).to("published")
    answer = post(world.water.liaison, f"/ledger/{journey.entry.pk}/apply/", statement="写了很多字")
    assert answer.status_code == 422
    assert answer.context["form"].errors["evidence"] == ["上传至少一份佐证"]
    assert answer.context["form"].fields["evidence"].required, "必附的不标“选填”"
    assert "写了很多字" in text_of(answer)


def test_applying_too_early_lists_what_is_missing_with_links(world):
    journey = alone(world).to("delivered")
    shown = text_of(page(world.water.liaison, f"/ledger/{journey.entry.pk}/apply/"))
    assert "还差 2 项" in shown
    answer = post(world.water.liaison, f"/ledger/{journey.entry.pk}/apply/", statement="办了", evidence=[proof()])
    assert answer.status_code == 422
    assert len(answer.context["form"].missing) == 2
    assert not journey.suggestion.attachments.filter(purpose="evidence").exists(), "没有申请成，文件也不留"


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [("officer", "ledger_apply", 403), ("clerk", "ledger_apply", 403), ("committee", "ledger_apply", 403),
     ("stranger", "ledger_apply", 404), ("liaison", "ledger_decide", 403), ("gov", "ledger_decide", 403),
     ("liaison", "ledger_reopen", 403), ("clerk", "ledger_progress", 403), ("gov", "ledger_progress", 403)],
)
def test_whoever_may_not_do_it_is_refused(world, who, name, status):
    journey = alone(world).to("published")
    account = getattr(world.water, who) if who in ("officer", "liaison") else getattr(world, who)
    page(account, reverse(f"supervision:{name}", args=[journey.entry.pk]), status)


# ── 核准 ──
def test_deciding_shows_the_application_first_and_then_goes_to_the_next(world):
    one, two = alone(world).to("applied"), alone(world).to("applied")
    url = f"/ledger/{one.entry.pk}/decide/"
    text = text_of(page(world.second_clerk, url))
    for words in ("答复已送达全部代表，意见已落实", "材料.txt", "这件办结"):
        assert words in text
    answer = browser(world.second_clerk).post(url, {"form_token": "t" * 20, "grant": "yes", "note": ""}, follow=True)
    assert one.suggestion.status == "concluded"
    assert answer.context["next_ready"] == two.entry.pk


def test_refusing_through_the_page_wants_a_reason(world):
    journey = alone(world).to("applied")
    answer = post(world.clerk, f"/ledger/{journey.entry.pk}/decide/", grant="no", note="")
    assert (answer.status_code, answer.context["form"].errors["note"]) == (422, ["填写不予销号的理由"])
    assert post(world.clerk, f"/ledger/{journey.entry.pk}/decide/", grant="no", note="再核").status_code == 302
    assert journey.entry.status == "open"


def buttons(account, entry: LedgerEntry) -> list[tuple[str, str]]:
    """核准页上能按的：值与字。"""
    text = text_of(page(account, f"/ledger/{entry.pk}/decide/"))
    return re.findall(r'name="grant" value="(\w+)">([^<]+)</button>', text)


def test_granting_is_the_first_button_and_refusing_the_second(world):
    journey = alone(world).to("applied")
    assert buttons(world.clerk, journey.entry) == [("yes", "核准销号"), ("no", "不予销号")]
    answer = post(world.clerk, f"/ledger/{journey.entry.pk}/decide/", note="看过了")
    assert answer.status_code == 422 and "按核准销号或不予销号其中一个按钮" in text_of(answer)
    assert "看过了" in text_of(answer)
    assert journey.entry.status == "ready"


def test_no_button_that_cannot_work_is_offered(world):
    """条件不再齐的只能不予；自己申请的、没有申请的都不能办。"""
    lacking, own, none = alone(world).to("applied"), alone(world).to("applied"), alone(world).to("published")
    Reply.objects.filter(pk=lacking.reply.pk).update(copied_to=[])
    assert buttons(world.clerk, lacking.entry) == [("no", "不予销号")]
    SigningOff.objects.filter(entry=own.entry.pk).update(applied_by=world.clerk)
    assert buttons(world.clerk, own.entry) == []
    assert "由另一个人核准" in text_of(page(world.clerk, f"/ledger/{own.entry.pk}/decide/"))
    assert buttons(world.clerk, none.entry) == []
    assert "没有待核准的申请" in text_of(page(world.clerk, f"/ledger/{none.entry.pk}/decide/"))


def test_the_second_clerk_is_told_who_was_first(world):
    journey = alone(world).to("applied")
    entry = journey.entry
    grant(journey, entry)
    answer = post(world.clerk, f"/ledger/{entry.pk}/decide/", grant="yes")
    assert answer.status_code == 409
    assert "周核已于" in text_of(answer)


# ── 批量核准 ──
def test_granting_many_is_checked_on_a_page_before_it_happens(world):
    """F9：销号先核对再办。"""
    journeys = [alone(world).to("applied") for _ in range(2)]
    keys = [journey.entry.pk for journey in journeys]
    client = browser(world.second_clerk)
    checked = client.post("/ledger/grant/", {"pk": keys, "form_token": "a" * 20})
    assert "核对后核准 2 条" in text_of(checked)
    assert all(journey.entry.status == "ready" for journey in journeys), "核对页什么也不办"
    done = client.post("/ledger/grant/", {"pk": keys, "confirm": "yes", "form_token": "b" * 20})
    assert "2 条" in text_of(done)
    assert all(journey.suggestion.status == "concluded" for journey in journeys)
    again = client.post("/ledger/grant/", {"pk": keys, "confirm": "yes", "form_token": "b" * 20})
    assert again.status_code == 302, "同一张表再交一次，不再办也不报错"


def test_what_cannot_be_granted_stays_with_its_reason(world):
    journey = alone(world).to("published")
    mine = journey.entry
    journey.unit.liaison, kept = world.second_clerk, journey.unit.liaison
    journey.apply(mine)
    journey.unit.liaison = kept
    text = text_of(post(world.second_clerk, "/ledger/grant/", pk=[mine.pk], confirm="yes"))
    assert "申请人不能核准自己的销号申请" in text
    assert journey.entry.status == "ready"


def test_granting_none_says_to_tick(world):
    answer = browser(world.clerk).post("/ledger/grant/", {"form_token": "t" * 20}, follow=True)
    assert "勾选要核准的条目" in text_of(answer)


@pytest.mark.parametrize("who", ["gov", "committee", "stranger"])
def test_only_the_office_grants_many(world, who):
    assert post(getattr(world, who), "/ledger/grant/", pk=["1"]).status_code == 403


# ── 恢复、进展 ──
def test_reopening_through_the_page(world):
    journey = alone(world).to("signed_off")
    url = f"/ledger/{journey.entry.pk}/reopen/"
    assert post(world.clerk, url, reason="").status_code == 422
    assert post(world.clerk, url, reason="群众反映没有落实").status_code == 302
    text = text_of(page(world.clerk, f"/ledger/{journey.entry.pk}/"))
    assert "恢复挂账：群众反映没有落实" in text and "周核核准" in text


def test_reporting_progress_through_the_page(world):
    journey = alone(world, result="B").to("delivered")
    promise = entry_of(journey, "promise")
    url = f"/ledger/{promise.pk}/progress/"
    words = {"text": "大坝过半", "happened_on": TODAY.isoformat()}
    refused = post(world.water.officer, url, **words, figure="")
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["figure"])
    assert post(world.water.officer, url, token="a" * 20, **words, figure="完工 12/30 座").status_code == 302
    assert post(world.water.officer, url, token="b" * 20, **words, evidence=proof()).status_code == 302
    assert LedgerProgress.objects.filter(entry=promise).count() == 2
    text = text_of(page(world.clerk, "/ledger/?kind=promise"))
    assert "大坝过半" in text
