"""错误页：一句话、缺什么、回去的路；接口给 JSON；片段不毁页面。"""
import pytest
from django.test import Client

from lianluo.web import errors


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("stale", 409, "张华已于 2018-04-09 14:03 先行一步"),
        ("forbidden", 403, "会办单位不能答复代表"),
        ("incomplete", 422, "还不能送签，还差 2 项"),
    ],
)
def test_a_refusal_becomes_a_page_with_the_sentence(clerk, kind, status, words):
    response = clerk.get(f"/refuse/{kind}/", headers={"Referer": "http://testserver/s/"})
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert 'href="http://testserver/s/"' in page, "回去的路"


def test_missing_things_are_listed_with_links(clerk):
    page = clerk.get("/refuse/incomplete/").content.decode()
    assert '<a href="/talk/">单位主要负责人还没有与代表当面沟通</a>' in page
    assert page.count("联系人电话没有填写") == 1


def test_the_way_back_never_leaves_the_site(clerk):
    page = clerk.get("/refuse/stale/", headers={"Referer": "https://evil.example/"}).content.decode()
    assert "evil.example" not in page
    assert 'href="/home/"' in page


def test_the_api_gets_json(clerk):
    response = clerk.get("/api/refuse/incomplete/")
    assert response.status_code == 422
    answer = response.json()
    assert answer["detail"].startswith("还不能送签，还差 2 项")
    assert answer["missing"][0] == {"sentence": "单位主要负责人还没有与代表当面沟通", "url": "/talk/", "code": "JT-03"}


def test_htmx_gets_a_banner_for_the_top_of_the_page(clerk):
    response = clerk.get("/refuse/stale/", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#messages"
    assert "<html" not in response.content.decode()


def test_a_stranger_gets_the_public_shell_and_the_clerk_the_own(clerk):
    assert "public-head" in Client().get("/nothing-here/").content.decode()
    page = clerk.get("/nothing-here/").content.decode()
    assert "没有这一页" in page and "topbar" in page


def test_a_missing_page_of_the_api_is_json(clerk):
    assert clerk.get("/api/nothing/").json() == {"detail": "没有这个地址"}


def test_a_breakdown_is_a_page_without_the_database(clerk, django_assert_num_queries):
    clerk.raise_request_exception = False
    response = clerk.get("/broken/")
    assert response.status_code == 500
    assert "系统出了故障" in response.content.decode()
    assert "故障</h1>" not in response.content.decode().replace("系统出了故障，已经记录", "")


def test_a_breakdown_speaks_even_when_its_page_cannot_be_drawn(clerk, monkeypatch):
    """没有收集静态文件时，画故障页也会出错；那时仍是一句中文。"""
    def broken(*args):
        raise ValueError("Missing staticfiles manifest entry")

    clerk.raise_request_exception = False
    monkeypatch.setattr(errors, "render_to_string", broken)
    response = clerk.get("/broken/")
    assert response.status_code == 500
    assert "系统出了故障，已记录，稍后再试" in response.content.decode()


@pytest.fixture
def strict(probe, signed_in) -> Client:
    lax = signed_in("li", "npc_office")
    client = Client(enforce_csrf_checks=True)
    client.cookies = lax.cookies
    return client


def test_a_stale_page_can_be_submitted_again_as_it_is(strict):
    typed = {"title": "修水渠<b>", "number": "486", "csrfmiddlewaretoken": "old"}
    response = strict.post("/case/", typed, headers={"Origin": "http://testserver"})
    page = response.content.decode()
    assert response.status_code == 403
    assert '<input type="hidden" name="title" value="修水渠&lt;b&gt;">' in page
    assert 'value="old"' not in page


def test_a_page_from_elsewhere_gets_nothing_back(strict):
    response = strict.post("/case/", {"title": "修水渠"}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert "修水渠" not in response.content.decode()


def test_passwords_and_codes_are_never_echoed(strict):
    typed = {"password": "Zhuzhou-River-38", "new_password1": "Xiang-38", "code": "402913", "username": "li"}
    page = strict.post("/case/", typed, headers={"Origin": "http://testserver"}).content.decode()
    for secret in ("Zhuzhou-River-38", "Xiang-38", "402913"):
        assert secret not in page


def test_error_pages_speak_chinese_without_codes(clerk):
    for url in ("/nothing-here/", "/refuse/stale/", "/refuse/forbidden/"):
        page = clerk.get(url).content.decode()
        for word in ("Not Found", "Forbidden", "Conflict", "抱歉", "操作失败", "非法"):
            assert word not in page
