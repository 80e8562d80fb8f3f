"""收件登记的页：完整登记、速录、草稿、相近提示、更正。"""
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from lianluo.audit import context as audit_context
from lianluo.web import drafts
from lianluo.web.models import Draft
from lianluo.workdays import clock
from suggestions.models import Category, Suggestion

from .drafts import BODY, TITLE, entered, registered, submitted

NEW = "/office/intake/new/?draft=intake:abcdef12"


@pytest.fixture
def clerk(world, client):
    client.force_login(world.clerk)
    return client


def form(world, **changes) -> dict:
    """完整登记表上填好的内容。"""
    values = {
        "session": world.session.pk, "kind": "suggestion", "source": "between", "title": TITLE,
        "lead_deputy": "黄岳若（HN140001）", "body": BODY, "requests_1": "加固大坝", "requests_2": "疏浚溢洪道",
        "category": Category.objects.first().pk, "involves_place": "no", "publish_wish": "full",
        "draft_key": "intake:abcdef12", **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def text_of(answer) -> str:
    return answer.content.decode()


def test_each_opened_form_gets_its_own_draft_key(clerk):
    first, second = clerk.get("/office/intake/new/"), clerk.get("/office/intake/new/")
    assert first.status_code == 302
    assert first["Location"] != second["Location"]
    assert re.search(r"draft=intake(:|%3A)", first["Location"])


def test_entering_submits_and_shows_what_comes_next(world, clerk):
    answer = clerk.post(NEW, form(world, cosigners="贺景、刘岚"), follow=True)
    case = Suggestion.objects.get()
    assert (case.status, case.made_by, case.raised_during) == ("submitted", world.clerk, "between")
    assert case.cosigners.count() == 2
    assert [r.text for r in case.requests.all()] == ["加固大坝", "疏浚溢洪道"]
    assert "已提交审查" in text_of(answer)
    assert "审查登记" in text_of(answer)


def test_pressing_twice_makes_one_suggestion(world, clerk):
    data = form(world, form_token="x" * 24)
    first, second = clerk.post(NEW, data), clerk.post(NEW, data)
    assert first["Location"] == second["Location"]
    assert Suggestion.objects.count() == 1


def test_a_missing_field_says_what_to_do_and_nothing_typed_is_lost(world, clerk):
    answer = clerk.post(NEW, form(
        world, kind=None, category="", requests_1="", requests_2="第二框里的字", regions=["长沙市", "岳阳市"],
        note="备注里的字", cosigners="查无此人",
    ))
    page = text_of(answer)
    assert answer.status_code == 422
    for sentence in ("选择形式", "选择分类", "没有找到代表“查无此人”，换全名或代表证号再试"):
        assert page.count(sentence) >= 2, sentence
    for typed in (TITLE, BODY, "第二框里的字", "备注里的字", "黄岳若（HN140001）", "查无此人"):
        assert typed in page
    assert len(re.findall(r'value="(?:长沙市|岳阳市)"[^>]*checked', page)) == 2
    assert not Suggestion.objects.exists()
    assert not re.search(r"输入有误|非法|操作失败|请|抱歉|！", re.sub(r"<script.*?</script>", "", page, flags=re.S))


def test_nothing_is_chosen_beforehand_among_the_radios(clerk):
    page = text_of(clerk.get(NEW))
    for name in ("kind", "involves_place", "publish_wish"):
        assert not re.search(rf'name="{name}"[^>]*checked', page), name


def test_two_of_the_same_name_are_told_apart_by_certificate(world, clerk):
    world.deputy("黄岳若", "HN149999", world.zhuzhou)
    answer = clerk.post(NEW, form(world, lead_deputy="黄岳若"))
    assert "“黄岳若”有 2 位代表，写上代表证号，如 黄岳若（HN14" in text_of(answer)
    clerk.post(NEW, form(world, lead_deputy="黄岳若（HN149999）"))
    assert Suggestion.objects.get().lead_deputy.certificate_no == "HN149999"


@pytest.mark.parametrize("typed", ["黄岳若", "hyr", "huangyueruo", "HN140001", "hn140001", "黄 岳若"])
def test_the_lead_deputy_is_found_by_name_pinyin_or_certificate(world, clerk, typed):
    clerk.post(NEW, form(world, lead_deputy=typed))
    assert Suggestion.objects.get().lead_deputy == world.lead_deputy


def test_adding_a_request_without_script_keeps_every_word_and_complains_about_nothing(world, clerk):
    answer = clerk.post(NEW, form(world, kind=None, title="写了一半", add_request="1", form_token="t" * 24))
    page = text_of(answer)
    assert answer.status_code == 200
    assert 'name="requests_3"' in page
    assert "写了一半" in page
    assert "疏浚溢洪道" in page
    assert "error-summary" not in page
    assert "t" * 24 in page
    answer = clerk.post(NEW, form(world, remove_request="1"))
    assert 'name="requests_2"' in text_of(answer)
    assert "加固大坝</textarea>" not in text_of(answer)
    assert not Suggestion.objects.exists()


def test_a_taken_number_offers_the_next_free_one_at_one_click(world, clerk):
    registered(world, number=486)
    data = form(world, number="486", source="in_session", submitted_on="2026-01-22")
    answer = clerk.post(NEW, data)
    assert "编号 0486 已被" in text_of(answer)
    assert "下一个空号是 0487" in text_of(answer)
    assert 'value="next_number"' in text_of(answer)
    answer = clerk.post(NEW, {**data, "do": "next_number"})
    assert re.search(r'name="number" value="487"', text_of(answer))
    clerk.post(NEW, {**data, "number": "487"})
    assert Suggestion.objects.get(number=487).status == "registered"


def test_what_was_entered_today_is_counted_by_the_trail(world, clerk):
    """昨天录的、别人录的、代表自己提交的都不算；收到日期早的算今天录的。"""
    yesterday = clock.now() - timedelta(days=1)
    with audit_context.of(audit_context.Here(at=yesterday)):
        entered(world, title="关于昨天录的建议")
    entered(world, title="关于别人录的建议", actor=world.second_clerk)
    submitted(world, title="关于自己提交的建议")
    entered(world, title="关于今天录的建议")
    page = text_of(clerk.get("/office/intake/"))
    assert "今天已录 1 件" in page and "关于今天录的建议" in page and "关于昨天录的建议" not in page
    assert "今天已录 1 件" in text_of(clerk.get("/office/intake/fast/"))


def test_the_clerk_of_a_delegation_has_no_number_field(world, client):
    client.force_login(world.delegation_staff)
    assert 'name="number"' not in text_of(client.get(NEW))


def test_an_autosaved_draft_comes_back_and_is_dropped_on_submit(world, clerk):
    typed = {"title": "写到一半的标题", "requests_1": "第一条", "regions": ["长沙市", "岳阳市"]}
    drafts.save(world.clerk, "intake:abcdef12", typed, now=clock.now(), url=NEW)
    listed = text_of(clerk.get("/office/intake/"))
    assert "写到一半的标题" in listed
    page = text_of(clerk.get(NEW))
    assert "写到一半的标题" in page
    assert "第一条</textarea>" in page
    assert len(re.findall(r'value="(?:长沙市|岳阳市)"[^>]*checked', page)) == 2
    clerk.post(NEW, form(world))
    assert not Draft.objects.filter(key="intake:abcdef12").exists()


def test_someone_elses_draft_is_not_shown(world, client):
    drafts.save(world.clerk, "intake:abcdef12", {"title": "别人的草稿"}, now=clock.now())
    client.force_login(world.second_clerk)
    assert "别人的草稿" not in text_of(client.get(NEW))


# ── 速录 ──
def fast(world, **changes) -> dict:
    return {
        "session": world.session.pk, "source": "between", "lead_deputy": "黄岳若（HN140001）", "kind": "suggestion",
        "title": TITLE, "body": BODY, "requests": "1. 加固大坝\n2. 疏浚溢洪道", **changes,
    }


def test_fast_entry_saves_and_opens_the_next_with_session_and_deputy_kept(world, clerk):
    answer = clerk.post("/office/intake/fast/", fast(world), follow=True)
    case = Suggestion.objects.get()
    assert [r.text for r in case.requests.all()] == ["加固大坝", "疏浚溢洪道"]
    page = text_of(answer)
    assert "已存好" in page
    assert re.search(r'name="lead_deputy" value="黄岳若（HN140001）"', page)
    assert re.search(rf'type="hidden" name="session" value="{world.session.pk}"', page)
    assert re.search(r'type="hidden" name="source" value="between"', page)
    assert BODY not in page


def test_fast_entry_has_at_most_twelve_stops(clerk):
    page = text_of(clerk.get("/office/intake/fast/"))
    inside = re.search(r"<form[^>]*data-fast-entry.*?</form>", page, re.S).group()
    stops = re.findall(r'<(?:input(?![^>]*type="hidden")|select|textarea|button)\b', inside)
    assert 6 <= len(stops) <= 12


def test_a_faulty_fast_entry_keeps_the_text(world, clerk):
    answer = clerk.post("/office/intake/fast/", fast(world, requests=" "))
    assert answer.status_code == 422
    assert "至少写一条具体建议" in text_of(answer)
    assert BODY in text_of(answer)


# ── 查找代表、相近 ──
def test_the_lookup_tells_delegation_phone_tail_and_count(world, clerk):
    entered(world)
    found = clerk.get(reverse("suggestions:deputy_lookup"), {"q": "hyr"}).json()
    assert found == [{
        "text": "黄岳若（HN140001）", "label": "黄岳若", "short": "HN140001", "pinyin": "huangyueruo",
        "initials": "hyr",
        "note": "长沙代表团 · 尾号 0001 · 领衔 1 件",
    }]


@pytest.mark.parametrize("who", ["lead_deputy", "water"])
def test_phone_tails_and_certificates_are_not_looked_up_by_others(world, client, who):
    account = world.lead_deputy.account if who == "lead_deputy" else world.water.liaison
    client.force_login(account)
    assert client.get(reverse("suggestions:deputy_lookup"), {"q": "贺景"}).status_code == 403


def test_the_similar_panel_lists_number_title_and_deputy(world, clerk):
    registered(world)
    answer = clerk.post(
        reverse("suggestions:intake_similar"), {"title": "关于推进病险水库加固的建议", "session": world.session.pk},
        headers={"HX-Request": "true"},
    )
    page = text_of(answer)
    assert page.lstrip().startswith('<div id="similar-panel"')
    assert "0001" in page
    assert "黄岳若代表" in page


def test_without_script_a_button_shows_the_similar_ones_beside_the_kept_text(world, clerk):
    registered(world)
    answer = clerk.post(NEW, form(world, do="similar", kind=None))
    page = text_of(answer)
    assert answer.status_code == 200
    assert "相近 " in page
    assert "error-summary" not in page
    assert BODY in page


# ── 更正 ──
def edit_form(world, case, **changes) -> dict:
    data = form(world, source=case.raised_during, revision=case.revision, **changes)
    data.pop("draft_key")
    return data


def test_correcting_through_the_page(world, clerk):
    case = entered(world)
    url = reverse("suggestions:edit", args=[case.pk])
    assert TITLE in text_of(clerk.get(url))
    clerk.post(url, edit_form(world, case, title="关于更正后的标题的建议"))
    case.refresh_from_db()
    assert (case.title, case.revision) == ("关于更正后的标题的建议", 2)


def test_what_fast_entry_did_not_ask_may_stay_empty_in_a_correction(world, clerk):
    """速录没有问分类、公开意愿；改一个错字不能逼着替代表选。"""
    clerk.post("/office/intake/fast/", fast(world))
    case = Suggestion.objects.get()
    url = reverse("suggestions:edit", args=[case.pk])
    left = {"category": "", "involves_place": "", "publish_wish": "", "title": "关于改好错字的建议"}
    assert clerk.post(url, edit_form(world, case, **left)).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.publish_wish, case.involves_place) == ("关于改好错字的建议", "", None)


def test_what_was_asked_may_not_be_emptied_in_a_correction(world, clerk):
    clerk.post(NEW, form(world))
    case = Suggestion.objects.get()
    answer = clerk.post(reverse("suggestions:edit", args=[case.pk]), edit_form(world, case, publish_wish=""))
    assert answer.status_code == 422 and "选择是否同意公开" in text_of(answer)


def test_a_stale_page_shows_what_changed_elsewhere_and_saves_on_the_second_press(world, clerk):
    case = entered(world)
    url = reverse("suggestions:edit", args=[case.pk])
    stale = edit_form(world, case, title="我改的标题")
    clerk.post(url, edit_form(world, case, title="别人先改的标题"))
    answer = clerk.post(url, stale)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "别人先改的标题" in page
    assert "我改的标题" in page
    assert 'name="revision" value="2"' in page
    clerk.post(url, {**stale, "revision": 2})
    case.refresh_from_db()
    assert case.title == "我改的标题"


def test_the_deputys_own_text_is_shown_as_his_own(world, clerk):
    case = submitted(world)
    page = text_of(clerk.get(reverse("suggestions:edit", args=[case.pk])))
    assert "由代表本人提交" in page


@pytest.mark.parametrize("who", ["committee", "stranger"])
def test_outsiders_get_no_intake_page(world, client, who):
    client.force_login(getattr(world, who))
    for url in ("/office/intake/", NEW, "/office/intake/fast/"):
        assert client.get(url).status_code == 403
