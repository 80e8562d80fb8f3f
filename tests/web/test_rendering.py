"""外壳：标题、字号、跳过链接、徽标，不用的东西不查库。"""
import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from lianluo.audit import record
from lianluo.web import badges, context
from lianluo.web.models import Draft

SHELLS = ("base.html", "base_deputy.html", "base_public.html", "base_entry.html")


def request_of(user, path: str = "/case/", **cookies):
    request = RequestFactory().get(path)
    request.user = user
    request.COOKIES.update(cookies)
    return request


@pytest.fixture
def user(probe, person):
    account = person("li", "npc_office")
    assert account.roles
    return account


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_the_frame(shell, user):
    page = render_to_string(shell, {"SITE_NAME": "甲"}, request=request_of(user))
    assert '<html lang="zh-CN"' in page
    assert '<meta name="renderer" content="webkit">' in page
    assert 'http-equiv="X-UA-Compatible" content="IE=edge"' in page
    assert 'id="main"' in page
    assert page.count("<main") == 1


@pytest.mark.parametrize("shell", ["base.html", "base_deputy.html", "base_public.html", "base_entry.html"])
def test_the_first_link_skips_to_the_content(shell, user):
    body = render_to_string(shell, {}, request=request_of(user)).partition("<body")[2]
    assert body.index('href="#main"') < body.index("</a>")


@pytest.mark.parametrize("shell", ["base.html", "base_deputy.html", "base_public.html", "base_entry.html"])
def test_a_phone_number_is_on_every_page(shell, user, settings):
    assert settings.ORGAN_PHONE in render_to_string(shell, {}, request=request_of(user))


def test_a_page_with_errors_says_so_in_its_title(clerk):
    assert "<title>登记 - " in clerk.get("/case/").content.decode()
    assert "<title>错误：登记 - " in clerk.post("/case/", {"title": ""}).content.decode()


def test_htmx_gets_the_fragment_and_others_the_page(clerk):
    whole, part = clerk.get("/case/"), clerk.get("/case/", headers={"HX-Request": "true"})
    assert "<html" in whole.content.decode()
    assert part.content.decode().startswith('<form id="case"')
    assert "HX-Request" in whole["Vary"]


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_whole_page_swaps_get_the_page(clerk, header):
    page = clerk.get("/case/", headers={"HX-Request": "true", header: "true"}).content.decode()
    assert "<html" in page


def test_pages_of_an_account_are_not_stored(clerk):
    assert "no-store" in clerk.get("/case/")["Cache-Control"]


def test_text_size_and_contrast_are_remembered_and_rendered_by_the_server(clerk):
    answer = clerk.get("/web/display/?text=3&contrast=high&next=/case/")
    assert (answer.status_code, answer.url) == (302, "/case/")
    assert '<html lang="zh-CN" class="text-3 contrast-high">' in clerk.get("/case/").content.decode()
    clerk.get("/web/display/?text=1&contrast=normal")
    assert '<html lang="zh-CN" class="text-1">' in clerk.get("/case/").content.decode()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_display_switch_leads_nowhere_else(clerk, url):
    assert clerk.get("/web/display/", {"text": "2", "next": url}).url == "/"


def test_unknown_sizes_are_not_kept(clerk):
    assert "lianluo-text" not in clerk.get("/web/display/?text=9").cookies


def test_the_context_asks_the_database_nothing_until_used(user, django_assert_num_queries):
    with django_assert_num_queries(0):
        shared = context.site(request_of(user))
        Template("{{ SITE_NAME }}{{ html_class }}{{ go.todo }}").render(Context(shared))


def test_all_badges_cost_one_query(user, django_assert_num_queries, monkeypatch):
    providers = {
        "todo": lambda account: Draft.objects.filter(account=account),
        "inbox": lambda account: Draft.objects.filter(key="none"),
        "nothing": lambda account: Draft.objects.none(),
    }
    monkeypatch.setattr(badges, "_providers", providers)
    for number in range(3):
        Draft.objects.create(account=user, key=str(number), saved_at=user.created_at)
    with django_assert_num_queries(2):  # 另一条问留痕的版次
        shown = dict(context.site(request_of(user))["badges"])
    assert shown == {"todo": "3", "inbox": ""}


def test_a_badge_is_counted_again_only_after_an_event(user, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(badges, "_providers", {})
    monkeypatch.setattr(badges, "_restless", {})
    badges.provide("todo", lambda account: Draft.objects.filter(account=account))
    badges.provide("unread", lambda account: Draft.objects.filter(account=account.pk, rev=1), restless=True)
    record("account.sessions_ended", actor=None, target=user)
    assert badges.counts(user) == {"todo": 0, "unread": 0}
    Draft.objects.create(account=user, key="one", saved_at=user.created_at)
    with django_assert_num_queries(2):
        assert badges.counts(user) == {"todo": 0, "unread": 1}
    record("account.sessions_ended", actor=None, target=user)
    assert badges.counts(user) == {"todo": 1, "unread": 1}


def test_a_badge_stops_counting_at_a_hundred(user, monkeypatch):
    Draft.objects.bulk_create([Draft(account=user, key=str(n), saved_at=user.created_at) for n in range(120)])
    monkeypatch.setattr(badges, "_providers", {"todo": lambda account: Draft.objects.filter(account=account)})
    assert badges.counts(user) == {"todo": 100}
    assert badges.shown(100) == "99+"


def test_each_person_gets_the_shell_of_the_role(user, person, probe):
    from django.contrib.auth.models import AnonymousUser

    deputy = person("wang", "npc_office")
    deputy.__dict__["roles"] = frozenset({"deputy"})
    assert context.shell_for(request_of(AnonymousUser())) == "base_public.html"
    assert context.shell_for(request_of(deputy)) == "base_deputy.html"
    assert context.shell_for(request_of(user)) == "base.html"


def test_records_are_in_the_footer_only_when_set(settings, user):
    settings.SITE_CODE = ""
    assert "政府网站标识码" not in render_to_string("base_public.html", {}, request=request_of(user))
    settings.SITE_CODE = "4300000000"
    assert "政府网站标识码：4300000000" in render_to_string("base_public.html", {}, request=request_of(user))


@pytest.mark.parametrize("shell", ["staff", "deputy", "public"])
def test_the_style_page_is_for_the_demo_and_the_system_administrator(shell, clerk, signed_in, settings):
    url = f"/web/styles/?shell={shell}"
    settings.DEMO = False
    assert clerk.get(url).status_code == 404
    assert signed_in("sys", "sysadmin").get(url).status_code == 200
    settings.DEMO = True
    assert clerk.get(url).status_code == 200


def test_the_keys_page_lists_what_the_script_knows(clerk):
    page = clerk.get("/web/keys/").content.decode()
    assert "<html" in page
    for words in ("查找", "去工作台", "勾选这一行", "保存草稿", "提交", "关掉单个字母的快捷键"):
        assert words in page
