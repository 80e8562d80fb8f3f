"""代表自己的页：写、联名、核对、提交、撤回；个人链接不登录也能确认。"""
import random
import re
import string

import pytest
from django.urls import reverse

from lianluo.accounts.models import PersonalLink
from lianluo.web import drafts
from lianluo.workdays import clock
from suggestions.actions import drafting, registering
from suggestions.actions.cosigning import issue_link
from suggestions.models import Suggestion

from .drafts import BODY, IN_SESSION, TITLE, confirm, cosigning, draft, registered, row_of, submitted


@pytest.fixture
def lead(world, client):
    client.force_login(world.lead_deputy.account)
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def form(**changes) -> dict:
    values = {
        "kind": "suggestion", "title": TITLE, "body": BODY, "requests_1": "加固大坝", "requests_2": "",
        "publish_wish": "full", "contact_phone": "13800000001", "do": "save", **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def path(name, case, *more):
    return reverse(f"suggestions:{name}", args=[case.pk, *more])


# ── 写 ──
def test_writing_saving_checking_and_submitting(world, lead):
    answer = lead.post("/my/new/", form(do="check"))
    case = Suggestion.objects.get()
    assert answer["Location"] == path("my_check", case)
    page = text_of(lead.get(answer["Location"]))
    assert "加固大坝" in page
    assert "还差" not in page
    assert "大会已经闭幕" in page
    refused = lead.post(path("my_check", case), {})
    assert refused.status_code == 422
    assert "确认这件只写了一件事（一事一议）" in text_of(refused)
    done = lead.post(path("my_check", case), {"one_matter": "on"}, follow=True)
    case.refresh_from_db()
    assert (case.status, case.series, case.lead_deputy) == ("submitted", "between", world.lead_deputy)
    assert "已提交" in text_of(done)
    assert "审查登记" in text_of(done)


def test_a_draft_may_be_incomplete_and_the_check_page_lists_what_is_missing(world, lead):
    typed = form(body="", requests_1="", publish_wish=None)
    lead.post("/my/new/", typed)
    case = Suggestion.objects.get()
    page = text_of(lead.post(path("my_edit", case), {**typed, "do": "check"}))
    for sentence in ("填写情况和问题", "至少写一条具体建议", "选择是否同意公开"):
        assert page.count(sentence) >= 2
    page = text_of(lead.get(path("my_check", case)))
    for sentence in ("填写内容：情况和问题", "至少写一条具体建议", "选择是否同意公开"):
        assert sentence in page
    refused = lead.post(path("my_check", case), {"one_matter": "on"})
    assert refused.status_code == 422
    assert "选择是否同意公开" in text_of(refused)
    case.refresh_from_db()
    assert case.status == "draft"


def test_what_was_typed_survives_a_missing_title(lead):
    answer = lead.post("/my/new/", form(title="", wished_units="省水利厅"))
    page = text_of(answer)
    assert answer.status_code == 422
    assert page.count("填写标题") >= 2
    assert BODY in page
    assert "省水利厅" in page
    assert "错误：" in re.search(r"<title>(.*?)</title>", page).group(1)


def test_another_request_row_without_script(lead):
    page = text_of(lead.post("/my/new/", form(title="", add_request="1")))
    assert 'name="requests_3"' in page
    assert BODY in page
    assert "填写标题" not in page
    assert not Suggestion.objects.exists()


def test_an_autosaved_text_is_there_again(world, lead):
    drafts.save(world.lead_deputy.account, "my:new", {"title": "断电之前写的"}, now=clock.now(), url="/my/new/")
    assert "断电之前写的" in text_of(lead.get("/my/new/"))
    assert "断电之前写的" in text_of(lead.get("/my/drafts/"))


def test_a_stale_page_shows_both_and_loses_nothing(world, lead):
    case = draft(world)
    lead.post(path("my_edit", case), form(title="手机上改的标题", revision=1))
    answer = lead.post(path("my_edit", case), form(title="电脑上改的标题", revision=1))
    page = text_of(answer)
    assert answer.status_code == 409
    assert "手机上改的标题" in page
    assert "电脑上改的标题" in page
    assert 'name="revision" value="2"' in page


def test_a_returned_one_shows_why_and_can_be_submitted_again(world, lead):
    case = submitted(world)
    registering.return_to_deputy(case, note="写明是哪几座水库", actor=world.clerk, today=IN_SESSION)
    page = text_of(lead.get(path("my_edit", case)))
    assert "写明是哪几座水库" in page
    lead.post(path("my_edit", case), form(revision=case.revision, do="check"))
    lead.post(path("my_check", case), {"one_matter": "on"})
    case.refresh_from_db()
    assert case.status == "submitted"


def test_after_submission_the_cosigners_page_leads_back_to_the_case(world, lead):
    case = submitted(world)
    page = text_of(lead.get(path("my_cosigners", case)))
    assert f'href="/my/{case.pk}/">办理经过' in page and path("my_edit", case) not in page


def test_after_submission_the_form_is_closed(world, lead):
    case = submitted(world)
    answer = lead.get(path("my_edit", case))
    assert answer.status_code == 409
    assert "已提交" in text_of(answer)


def test_nobody_else_opens_or_changes_a_draft(world, client):
    case = draft(world)
    pages = [path(name, case) for name in ("my_edit", "my_check", "my_cosigners", "my_done", "withdraw", "my_discard")]
    for user, status in ((world.other_deputy.account, 404), (world.water.liaison, 403), (world.stranger, 403)):
        client.force_login(user)
        assert {client.get(page).status_code for page in pages} == {status}
    client.force_login(world.clerk)
    assert {client.get(page).status_code for page in pages[:4]} == {403}


def test_a_cosigner_reads_but_does_not_change(world, client):
    case = cosigning(world)
    client.force_login(world.cosigner.account)
    assert client.get(path("my_edit", case)).status_code == 403
    assert client.post(path("my_take_back", case)).status_code == 403


def test_discarding_asks_first(world, lead):
    case = draft(world)
    assert "丢弃这份草稿" in text_of(lead.get(path("my_discard", case)))
    assert Suggestion.objects.exists()
    lead.post(path("my_discard", case))
    assert not Suggestion.objects.exists()


# ── 联名 ──
def test_finding_adding_asking_and_removing_cosigners_without_script(world, lead):
    case = draft(world)
    url = path("my_cosigners", case)
    page = text_of(lead.get(url, {"q": "hj"}))
    assert '添加<span class="visually-hidden">贺景' in page
    value = re.search(r'name="deputy" value="([^"]+)"', page).group(1)
    lead.post(url, {"deputy": value})
    assert "HN140002" not in page
    assert '添加<span class="visually-hidden">刘岚' in text_of(lead.get(url, {"q": "株洲"}))
    assert "没有找到" in text_of(lead.get(url, {"q": "HN140003"}))
    lead.post(url, {"deputy": world.other_deputy.pk})
    assert sorted(case.cosigners.values_list("deputy__name", flat=True)) == ["刘岚", "贺景"]
    lead.post(path("my_ask", case))
    case.refresh_from_db()
    assert case.status == "cosigning"
    assert text_of(lead.get(url)).count("等待确认") == 2
    lead.post(path("my_cosigner_remind", case, row_of(case, world.cosigner).pk))
    lead.post(path("my_cosigner_remove", case, row_of(case, world.other_deputy).pk))
    assert case.cosigners.count() == 1


def test_the_very_name_comes_first(world, lead):
    world.deputy("刘岚清", "HN140077", world.changsha)
    page = text_of(lead.get(path("my_cosigners", draft(world)), {"q": "刘岚"}))
    assert page.index("添加<span class=\"visually-hidden\">刘岚<") < page.index(">刘岚清<")


def test_asking_with_an_unfinished_text_explains(world, lead):
    case = draft(world, body="", cosigners=[world.cosigner])
    page = text_of(lead.post(path("my_ask", case), follow=True))
    assert "填写内容" in page
    case.refresh_from_db()
    assert case.status == "draft"


def test_the_invited_deputy_sees_the_exact_text_and_confirms_it(world, client):
    case = cosigning(world)
    row = row_of(case, world.cosigner)
    client.force_login(world.cosigner.account)
    assert TITLE in text_of(client.get("/my/cosign/"))
    page = text_of(client.get(path("cosign", row)))
    for shown in (TITLE, BODY, "建立管护经费长效机制", case.text_hash[:16]):
        assert shown in page
    assert not re.search(r'name="answer"[^>]*checked', page)
    client.post(path("cosign", row), {"answer": "yes", "text_hash": case.text_hash})
    row.refresh_from_db()
    assert (row.confirmed_hash, row.confirmed_how) == (case.text_hash, "本人登录")


def test_confirming_a_text_changed_meanwhile_shows_the_new_one(world, client):
    case = cosigning(world)
    row, old = row_of(case, world.cosigner), case.text_hash
    changed = drafting.save_draft(
        {"title": "关于新标题的建议"}, suggestion=case, actor=world.lead_deputy.account, today=IN_SESSION
    )
    changed = drafting.open_cosigning(changed, actor=world.lead_deputy.account, today=IN_SESSION)
    client.force_login(world.cosigner.account)
    answer = client.post(path("cosign", row), {"answer": "yes", "text_hash": old})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "文本已经修改，看过新的文本后再确认" in page
    assert "关于新标题的建议" in page
    assert f'name="text_hash" value="{changed.text_hash}"' in page
    assert not re.search(r'name="answer"[^>]*checked', page)
    row.refresh_from_db()
    assert row.confirmed_hash == ""


def test_a_draft_not_yet_sent_shows_the_named_cosigner_nothing(world, client):
    case = draft(world, cosigners=[world.cosigner])
    client.force_login(world.cosigner.account)
    answer = client.get(path("cosign", row_of(case, world.cosigner)))
    assert answer.status_code == 404
    assert BODY not in text_of(answer)


def test_another_deputy_cannot_answer_for_him(world, client):
    case = cosigning(world)
    client.force_login(world.other_deputy.account)
    assert client.get(path("cosign", row_of(case, world.cosigner))).status_code == 404


# ── 个人链接 ──
def link_of(case, deputy) -> str:
    return reverse("suggestions:cosign_link", args=[issue_link(row_of(case, deputy))])


def test_the_link_needs_no_login_and_is_used_up_by_answering(world, client):
    case = cosigning(world)
    url = link_of(case, world.cosigner)
    page = text_of(client.get(url))
    assert BODY in page
    assert TITLE in text_of(client.get(url))
    done = client.post(url, {"answer": "yes", "text_hash": case.text_hash})
    assert "已确认联名" in text_of(done)
    row = row_of(case, world.cosigner)
    assert (row.confirmed_how, row.confirmed_hash) == ("个人链接", case.text_hash)
    again = client.get(url)
    assert again.status_code == 410
    assert BODY not in text_of(again)


def test_a_link_with_a_stale_text_is_not_used_up(world, client):
    case = cosigning(world)
    url = link_of(case, world.cosigner)
    assert client.post(url, {"answer": "yes", "text_hash": "0" * 64}).status_code == 409
    assert client.get(url).status_code == 200
    assert row_of(case, world.cosigner).confirmed_hash == ""


def test_refusing_by_link(world, client):
    case = cosigning(world)
    page = client.post(link_of(case, world.cosigner), {"answer": "no", "reason": "不了解情况"})
    assert "已告知不参加" in text_of(page)
    assert row_of(case, world.cosigner).refused_at


def test_links_of_changed_removed_or_withdrawn_ones_are_dead(world, client):
    case = cosigning(world, world.cosigner, world.other_deputy)
    changed, removed = link_of(case, world.cosigner), link_of(case, world.other_deputy)
    drafting.save_draft({"title": "改过"}, suggestion=case, actor=world.lead_deputy.account, today=IN_SESSION)
    drafting.remove_cosigner(
        row_of(case, world.other_deputy), actor=world.lead_deputy.account, today=IN_SESSION
    )
    for url in (changed, removed):
        answer = client.get(url)
        assert answer.status_code == 410
        assert BODY not in text_of(answer)


def test_a_thousand_forged_links_open_nothing(world, client):
    case = cosigning(world)
    token = issue_link(row_of(case, world.cosigner))
    letters = string.ascii_letters + string.digits + "-_"
    generator = random.Random(7)
    opened = 0
    for _ in range(1000):
        place = generator.randrange(len(token))
        forged = token[:place] + generator.choice(letters.replace(token[place], "")) + token[place + 1:]
        opened += client.get(reverse("suggestions:cosign_link", args=[forged])).status_code != 404
    assert opened == 0
    assert PersonalLink.objects.filter(used_at__isnull=False).count() == 0


def test_a_link_never_answers_for_another_purpose_or_deputy(world, client):
    from lianluo.accounts import links

    case = cosigning(world, world.cosigner, world.other_deputy)
    row = row_of(case, world.cosigner)
    swapped = links.issue("cosign", f"cosigner:{row.pk}", days=3, deputy_id=world.other_deputy.pk)
    other_purpose = links.issue("evaluate", f"cosigner:{row.pk}", days=3, deputy_id=world.cosigner.pk)
    for token in (swapped, other_purpose):
        assert client.get(reverse("suggestions:cosign_link", args=[token])).status_code == 404


# ── 撤回 ──
def test_withdrawing_through_the_page(world, lead):
    case = registered(world)
    page = text_of(lead.get(path("withdraw", case)))
    assert "编号 0001 也不再使用" in page
    answer = lead.post(path("withdraw", case), {"reason": "情况已经解决"}, follow=True)
    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert "已撤回" in text_of(answer)


def test_the_joint_withdrawal_form_lists_everyone_and_refuses_while_one_is_missing(world, lead):
    case = cosigning(world, world.cosigner, world.other_deputy)
    confirm(case, world.cosigner)
    confirm(case, world.other_deputy)
    rows = {row.deputy.name: row.pk for row in case.cosigners.all()}
    answer = lead.post(
        path("withdraw", case), {"reason": "情况已经解决", "consented": [rows["贺景"]], "consent_how": "书面"}
    )
    page = text_of(answer)
    assert answer.status_code == 422
    assert "刘岚代表还没有同意撤回" in page
    assert "情况已经解决" in page
    assert re.search(rf'value="{rows["贺景"]}"[^>]*checked', page)
    lead.post(path("withdraw", case), {"reason": "已解决", "consented": list(rows.values()), "consent_how": "书面"})
    case.refresh_from_db()
    assert case.status == "withdrawn"


def test_the_office_withdraws_on_paper_request(world, client):
    case = registered(world)
    client.force_login(world.clerk)
    client.post(path("withdraw", case), {"reason": "代表书面要求"})
    case.refresh_from_db()
    assert case.status == "withdrawn"
    client.force_login(world.secretariat)
    assert client.get(path("withdraw", registered(world))).status_code == 403


def test_every_deputy_page_renders(world, lead):
    case = cosigning(world)
    urls = ["/my/new/", "/my/drafts/", "/my/cosign/"] + [
        path(name, case) for name in ("my_edit", "my_cosigners", "my_check", "my_done", "my_discard", "withdraw")
    ]
    for url in urls:
        page = text_of(lead.get(url))
        assert '<html lang="zh-CN" class="elder' in page, url
        assert "0731-" in page, url
