"""自动保存的草稿：每人每张表一份，别处更新过的不覆盖，登录过期不丢字。"""
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lianluo.statemachine import DomainError, Stale
from lianluo.web import drafts
from lianluo.web.models import Draft


@pytest.fixture
def li(person):
    return person("li")


def save(account, **changes):
    fields = {"data": {"title": "修水渠"}, "now": timezone.now(), **changes}
    return drafts.save(account, "suggestion:new", fields.pop("data"), **fields)


def test_it_saves_and_gives_back_what_was_typed(li):
    save(li, data={"title": "修水渠", "units": ["sl", "cz"]}, title="新建议", url="/s/new/")
    assert drafts.initial(li, "suggestion:new") == {"title": "修水渠", "units": ["sl", "cz"]}
    assert drafts.load(li, "suggestion:new").url == "/s/new/"


def test_every_save_raises_the_revision(li):
    assert save(li).rev == 1
    assert save(li, rev=1).rev == 2
    assert Draft.objects.count() == 1


def test_a_newer_draft_from_another_window_is_not_overwritten(li):
    save(li)
    save(li, rev=1, data={"title": "另一个窗口"})
    with pytest.raises(Stale, match="另一处在 .* 存过更新的草稿"):
        save(li, rev=1, data={"title": "旧窗口"})
    assert drafts.initial(li, "suggestion:new") == {"title": "另一个窗口"}


def test_a_fresh_window_does_not_overwrite_an_unseen_draft(li):
    save(li)
    with pytest.raises(Stale):
        save(li, rev=0, data={"title": "没看见草稿就写"})


def test_after_submission_the_same_window_starts_a_new_draft(li):
    save(li)
    drafts.drop(li, "suggestion:new")
    assert save(li, rev=5).rev == 1


def test_people_do_not_see_each_others_drafts(li, person):
    save(li)
    assert drafts.load(person("zhang"), "suggestion:new") is None


def test_a_null_character_is_left_out_and_the_rest_is_kept(client, li):
    """PostgreSQL 存不了空字符：自动保存照存别的字。"""
    client.force_login(li)
    typed = {"draft_key": "a\0b", "draft_title": "新\0建议", "draft_url": "/s/\0new/", "ti\0tle": "修\0水渠"}
    assert client.post("/web/drafts/save/", typed).status_code == 200
    kept = drafts.load(li, "ab")
    assert (kept.title, kept.url, kept.data) == ("新建议", "/s/new/", {"title": "修水渠"})


def test_a_draft_without_end_is_refused(li):
    with pytest.raises(DomainError, match="30 万字以内"):
        save(li, data={"body": "字" * 300_001})


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)"])
def test_only_own_addresses_are_kept(li, url):
    assert save(li, url=url).url == ""


def test_the_page_saves_by_posting_its_form(clerk):
    posted = {"draft_key": "suggestion:new", "draft_rev": "0", "title": "修水渠", "password": "x", "unit": ["a", "b"]}
    answer = clerk.post("/web/drafts/save/", posted)
    assert answer.status_code == 200
    assert answer.json()["rev"] == 1
    assert len(answer.json()["saved_at"]) == len("14:03:12")
    assert Draft.objects.get().data == {"title": "修水渠", "unit": ["a", "b"]}


def test_a_conflict_answers_with_the_newer_revision(clerk):
    for _ in range(2):
        answer = clerk.post("/web/drafts/save/", {"draft_key": "k", "draft_rev": "0", "title": "一"})
    assert answer.status_code == 409
    assert answer.json()["rev"] == 1
    again = clerk.post("/web/drafts/save/", {"draft_key": "k", "draft_rev": "1", "title": "以这里的为准"})
    assert again.json()["rev"] == 2


def test_without_login_it_answers_401_and_never_redirects(probe):
    answer = Client().post("/web/drafts/save/", {"draft_key": "k", "title": "一"})
    assert answer.status_code == 401
    assert answer.json()["login"] == "/login/"


def test_a_nameless_form_is_refused(clerk):
    assert clerk.post("/web/drafts/save/", {"title": "一"}).status_code == 422


def test_the_session_page_gives_a_fresh_token(clerk):
    answer = clerk.get("/web/session/").json()
    assert answer["signed_in"] is True
    assert len(answer["csrf"]) == 64
    assert Client().get("/web/session/").json()["signed_in"] is False


def test_my_drafts_are_listed_newest_first_and_can_be_dropped(clerk, person):
    for number, key in enumerate(("旧的", "新的")):
        clerk.post("/web/drafts/save/", {"draft_key": key, "draft_title": key, "title": "x"})
        Draft.objects.filter(key=key).update(saved_at=timezone.now() + timedelta(minutes=number))
    page = clerk.get("/web/drafts/").content.decode()
    assert page.index("新的") < page.index("旧的")
    clerk.post(f"/web/drafts/{Draft.objects.get(key='旧的').pk}/drop/")
    assert list(Draft.objects.values_list("key", flat=True)) == ["新的"]


def test_nobody_drops_the_drafts_of_others(clerk, li_draft):
    clerk.post(f"/web/drafts/{li_draft.pk}/drop/")
    assert Draft.objects.filter(pk=li_draft.pk).exists()


@pytest.fixture
def li_draft(person):
    return save(person("another"))
