"""菜单：按角色留，解析不了的不画，当前项按最长前缀。"""
import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from lianluo.accounts.roles import Role
from lianluo.navigation import NAVIGATION
from lianluo.web import menu

EVERY_NAME = sorted(
    {entry.url_name for group in NAVIGATION.groups for entry in group.items}
    | set(NAVIGATION.shortcuts.values())
    | {entry.url_name for entry in (*NAVIGATION.public, *NAVIGATION.public_foot)}
)


@pytest.fixture(autouse=True)
def fresh_cache():
    menu.forget()
    yield
    menu.forget()


def labels(*roles: str) -> list[str]:
    return [link.label for _, links in menu.links_for(frozenset(roles)) for link in links]


@pytest.mark.parametrize("name", EVERY_NAME)
def test_in_the_end_no_menu_item_is_unresolved(name):
    assert menu.url_of(name), f"菜单里的 {name} 没有页面"


def test_items_without_a_page_are_left_out_quietly(probe):
    assert labels("npc_office")[:3] == ["工作台", "全部建议", "审查"]
    assert "交办" not in labels("npc_office")


def test_roles_see_only_their_items(probe):
    assert "审查" in labels("secretariat")
    assert "审查" not in labels("handler")
    assert labels() == ["工作台"]


def test_every_role_of_the_menu_is_a_role():
    named = {role for group in NAVIGATION.groups for entry in group.items for role in entry.roles}
    assert named <= set(Role.values)


def test_every_role_that_works_here_sees_something_beside_the_workbench():
    later = {Role.ASSESSOR.value, Role.EDITOR.value, Role.APPROVER.value}  # 考核、简报两块还没有页面
    later |= {Role.SECADMIN.value}  # 后台没有一样归安全管理员，菜单里不给一个空页
    outside = {Role.DEPUTY.value} | later
    for role in set(Role.values) - outside:
        assert any(role in entry.roles for group in NAVIGATION.groups for entry in group.items), role


def test_the_longest_prefix_is_the_current_item():
    urls = ["/s/", "/s/review/", "/home/"]
    assert menu.current_url("/s/review/12/", urls) == "/s/review/"
    assert menu.current_url("/s/14-4/0486/", urls) == "/s/"
    assert menu.current_url("/elsewhere/", urls) == ""


def test_the_current_item_is_marked(probe):
    groups = menu.links_for(frozenset({"npc_office"}))
    links = {"menu_groups": groups, "menu_current": "/s/review/", "badges": {"todo": "3"}}
    page = render_to_string("components/menu.html", links)
    assert page.count('aria-current="page"') == 1
    assert '<a href="/s/review/" aria-current="page">审查' in page
    assert 'data-go="w">工作台 <span class="badge">3' in page


def test_letters_after_g_are_used_once():
    letters = [entry.go for group in NAVIGATION.groups for entry in group.items if entry.go]
    assert len(letters) == len(set(letters))
    assert {"w", "d", "j", "t"} <= set(letters)


def test_all_assets_of_the_shells_exist():
    for path in ("css/tokens.css", "css/base.css", "js/app.js", "js/keys.js", "img/mark.svg"):
        assert finders.find(path), path
