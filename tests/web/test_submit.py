"""一次提交只办一次；领域错误变成表单上的话，打过的字都在。"""
import re
from functools import partial

import pytest
from django.db import IntegrityError
from django.test import RequestFactory

from lianluo.web.models import Draft, FormToken
from lianluo.web.submit import forget_tokens, submit
from tests.racing import at_once
from tests.web.probe_urls import CaseForm


def token_on(response) -> str:
    return re.search(r'name="form_token" value="([^"]+)"', response.content.decode()).group(1)


@pytest.fixture
def token(clerk) -> str:
    return token_on(clerk.get("/case/"))


def test_the_first_submission_acts_and_goes_to_its_result(clerk, token):
    response = clerk.post("/case/", {"title": "修水渠", "form_token": token})
    assert (response.status_code, response.url) == (302, "/cases/1/")
    assert Draft.objects.count() == 1


def test_the_same_token_again_acts_once_and_shows_the_first_result(clerk, token):
    first = clerk.post("/case/", {"title": "修水渠", "form_token": token})
    again = clerk.post("/case/", {"title": "修水渠", "form_token": token})
    assert again.url == first.url
    assert Draft.objects.count() == 1


def test_without_a_token_two_submissions_act_twice(clerk):
    """反证：拿掉令牌，重复提交就会办两次。"""
    for _ in range(2):
        clerk.post("/case/", {"title": "修水渠"})
    assert Draft.objects.count() == 2


@pytest.mark.parametrize("strange", ["a\0" * 10, "' OR 1=1 --" * 2, "令牌" * 10, "short"])
def test_a_strange_token_counts_as_none(clerk, strange):
    """令牌、草稿号不是页面给的样子：照样办一次，PostgreSQL 存不了的字不进库。"""
    answer = clerk.post("/case/", {"title": "修水渠", "form_token": strange, "draft_key": "a\0b"})
    assert answer.status_code == 302
    assert strange not in FormToken.objects.values_list("token", flat=True)


def test_every_opened_page_has_its_own_token(clerk):
    assert token_on(clerk.get("/case/")) != token_on(clerk.get("/case/"))


def test_another_account_cannot_use_the_token(clerk, token, signed_in):
    clerk.post("/case/", {"title": "修水渠", "form_token": token})
    other = signed_in("zhang", "npc_office").post("/case/", {"title": "修水渠", "form_token": token})
    assert other.status_code == 422
    assert "已由另一个账号提交" in other.content.decode()


def test_an_invalid_form_is_shown_again_with_everything_typed(clerk, token):
    response = clerk.post("/case/", {"title": "", "number": "四八六", "form_token": token})
    page = response.content.decode()
    assert response.status_code == 422
    assert "有 2 处需要修改" in page
    assert 'href="#id_title">填写标题' in page
    assert 'value="四八六"' in page
    assert token_on(response) == token


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("stale", 409, "张华已于 2018-04-09 14:03 先行一步"),
        ("forbidden", 403, "会办单位不能答复代表"),
        ("field", 422, "编号 0486 已被使用，下一个空号是 0487"),
        ("elsewhere", 422, "这一届已封存"),
        ("incomplete", 422, "还不能送签，还差 2 项"),
    ],
)
def test_a_domain_error_becomes_a_form_error(clerk, token, kind, status, sentence):
    response = clerk.post("/case/", {"title": kind, "form_token": token})
    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert f'value="{kind}"' in page
    assert Draft.objects.count() == 0, "动作整个回滚"


def test_a_domain_error_that_names_a_field_is_shown_at_it(clerk, token):
    page = clerk.post("/case/", {"title": "field", "form_token": token}).content.decode()
    assert 'href="#id_number">编号 0486' in page
    assert 'id="id_number_error"' in page


def test_missing_things_are_listed_once_each_with_their_links(clerk, token):
    page = clerk.post("/case/", {"title": "incomplete", "form_token": token}).content.decode()
    assert page.count("单位主要负责人还没有与代表当面沟通") == 1
    assert "有 2 处需要修改" in page, "数的是缺项，不是那一句总题"
    assert '<a href="/talk/">单位主要负责人还没有与代表当面沟通</a> <code class="mechanism">JT-03</code>' in page


def test_a_refused_submission_gives_the_token_back(clerk, token):
    clerk.post("/case/", {"title": "stale", "form_token": token})
    assert not FormToken.objects.exists()
    assert clerk.post("/case/", {"title": "修水渠", "form_token": token}).status_code == 302


def test_success_drops_the_draft_of_that_form_only(clerk, token):
    account = FormToken(account_id=clerk.session["_auth_user_id"]).account
    for key in ("suggestion:new", "reply:7"):
        Draft.objects.create(account=account, key=key, saved_at=account.created_at)
    clerk.post("/case/", {"title": "修水渠", "form_token": token, "draft_key": "suggestion:new"})
    assert not Draft.objects.filter(key="suggestion:new").exists()
    assert Draft.objects.filter(key="reply:7").exists()


def test_htmx_gets_a_redirect_header_and_a_fragment(clerk, token):
    refused = clerk.post("/case/", {"title": "", "form_token": token}, headers={"HX-Request": "true"})
    assert refused.content.decode().startswith('<form id="case"')
    done = clerk.post("/case/", {"title": "修水渠", "form_token": token}, headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Redirect"]) == (204, "/cases/1/")


def test_a_broken_constraint_of_the_action_is_not_taken_for_a_repeat(person):
    request = RequestFactory().post("/case/", {"title": "修水渠"})
    request.user = person("li")

    def clash(data):
        for _ in range(2):
            Draft.objects.create(account=request.user, key="same", saved_at=request.user.created_at)

    with pytest.raises(IntegrityError):
        submit(request, CaseForm(request.POST), clash)


def test_forms_beside_must_be_valid_too(person):
    request = RequestFactory().post("/case/", {"title": "修水渠"})
    request.user = person("li")
    beside = CaseForm({"title": ""})
    outcome = submit(request, CaseForm(request.POST), lambda data: pytest.fail("不该办"), beside=[beside])
    assert (outcome.ok, outcome.status) == (False, 422)


def test_old_tokens_are_forgotten_and_young_ones_kept(db):
    FormToken.objects.create(token="old-old-old-old-old")
    FormToken.objects.filter(token__startswith="old").update(used_at="2018-04-09T00:00:00Z")
    FormToken.objects.create(token="new-new-new-new-new")
    assert forget_tokens() == 1
    assert FormToken.objects.get().token.startswith("new")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_five_clicks_at_once_act_once(clerk, token, rounds):
    for _ in range(rounds):
        Draft.objects.all().delete()
        fresh = token_on(clerk.get("/case/"))
        answers = at_once(*[partial(clerk.post, "/case/", {"title": "修水渠", "form_token": fresh})] * 5)
        assert {answer.url for answer in answers} == {"/cases/1/"}
        assert Draft.objects.count() == 1
