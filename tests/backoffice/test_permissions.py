"""A7 越权：每个后台地址 × 每个角色，该看的看、该改的改，其余一律 403；三员看不到件。"""
from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from handlers.actions.evaluating import record_evaluation
from handlers.models import AssignmentMeeting
from lianluo.accounts.models import User
from lianluo.accounts.roles import ADMINISTRATORS, Role
from suggestions.actions.drafting import save_draft
from suggestions.models import Deputy, Suggestion
from tests.handlers import handling

from .conftest import admin_url

pytestmark = pytest.mark.once
NPC, GOV, SECRETARIAT = "npc_office", "gov_office", "secretariat"
SYS, AUDITOR = "sysadmin", "auditor"
#: 模型 → （能改的角色，只能看的角色）。后台多登记一个模型而这里没有写，测试就不过
RIGHTS: dict[str, tuple[set[str], set[str]]] = {
    "congresses.Congress": ({NPC, SYS}, set()), "congresses.Term": ({NPC, SYS}, set()),
    "congresses.Session": ({NPC, SYS}, set()),
    "suggestions.Delegation": ({NPC}, {SECRETARIAT}), "suggestions.Deputy": ({NPC}, {SECRETARIAT}),
    "suggestions.Category": ({NPC}, {SECRETARIAT}), "suggestions.Suggestion": (set(), {NPC}),
    "handlers.Unit": ({NPC, SYS}, {GOV}), "handlers.Division": ({NPC, SYS}, {GOV}),
    "handlers.Post": ({NPC, SYS}, {GOV}),
    "handlers.ResultClass": ({NPC}, {SECRETARIAT}), "handlers.AssignmentMeeting": (set(), {NPC}),
    "handlers.Assignment": (set(), {NPC}), "handlers.Activity": (set(), {NPC}), "handlers.Reply": (set(), {NPC}),
    "handlers.Evaluation": (set(), {NPC}), "supervision.LedgerEntry": (set(), {NPC}),
    "workdays.Holiday": ({NPC, SYS}, set()), "workdays.CalendarYear": ({NPC, SYS}, set()),
    "workdays.RuleProfile": ({NPC, SYS}, set()),
    "accounts.User": ({SYS}, set()), "accounts.ApiToken": (set(), {SYS}),
    "notices.Notice": (set(), {NPC}), "notices.NoticeDelivery": (set(), {NPC}),
    "notices.Digest": (set(), set()), "notices.NoticePreference": (set(), set()),
    "operations.BeatRun": (set(), set()),
    "audit.AuditEvent": (set(), {AUDITOR}), "audit.AuditHead": (set(), {AUDITOR}),
}
CASES = [name for name, (edit, view) in RIGHTS.items() if view == {NPC}]
ROLES = [role.value for role in Role]
RIGHTFUL = {role for edit, view in RIGHTS.values() for role in edit | view}


@pytest.fixture
def stage(world):
    """每个登记了的模型至少有一行。"""
    reply = handling.answered(world)
    record_evaluation(
        reply.deliveries.get(), attitude="satisfied", outcome="satisfied", overall="satisfied",
        actor=world.lead_deputy.account, today=handling.TODAY,
    )
    AssignmentMeeting.objects.create(session=world.session, name="交办会", held_on=handling.TODAY, made_by=world.clerk)
    return world


def test_every_registered_model_has_its_line():
    registered = {f"{model._meta.app_label}.{model._meta.object_name}" for model in admin.site._registry}
    assert registered == set(RIGHTS)


@pytest.mark.parametrize("role", [role for role in ROLES if role in RIGHTFUL])
def test_each_role_opens_and_changes_just_its_own(stage, enter, role):
    before = Suggestion.objects.values_list("status", "title", "number").get()
    browser = enter(role)
    for name, (edit, view) in RIGHTS.items():
        _walk(browser, name, edits=role in edit, views=role in edit | view)
    assert Suggestion.objects.values_list("status", "title", "number").get() == before


def test_the_other_roles_open_nothing_even_with_the_staff_mark(stage, client, staff):
    for role in [role for role in ROLES if role not in RIGHTFUL]:
        client.force_login(staff(role))
        for name in RIGHTS:
            _walk(client, name, edits=False, views=False)


def _walk(browser, name: str, *, edits: bool, views: bool) -> None:
    """一个模型的全部后台地址。"""
    model = apps.get_model(name)
    _expect(browser, admin_url(model, "changelist"), views)
    _expect(browser, admin_url(model, "changelist") + "?_popup=1&q=x", views)
    _expect(browser, admin_url(model, "add"), edits)
    _expect(browser, admin_url(model, "add"), edits, {"_save": "1"})
    row = model._default_manager.first()
    if row is None:
        return
    if name != "handlers.Reply":
        _expect(browser, admin_url(model, "change", row.pk), views)
        _expect(browser, admin_url(model, "history", row.pk), views)
    _expect(browser, admin_url(model, "change", row.pk), edits, {"_save": "1", "is_superuser": "on"})
    if not name.startswith("workdays"):
        _expect(browser, admin_url(model, "delete", row.pk), False, {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        browser.post(admin_url(model, "changelist"), chosen)
        assert model._default_manager.filter(pk=row.pk).exists(), name


def _expect(browser, url: str, allowed: bool, posted: dict | None = None) -> None:
    response = browser.get(url) if posted is None else browser.post(url, posted)
    nowhere = response.status_code == 302 and response["Location"] == reverse("admin:index")  # 当作没有这一行
    if allowed:
        assert response.status_code in (200, 302) and not nowhere, (url, response.status_code, posted)
    else:
        assert response.status_code == 403 or nowhere, (url, response.status_code, posted)


def test_the_index_shows_just_what_can_be_opened_grouped_by_work(world, client, staff):
    order = ["届次会议", "提出", "办理", "督办", "时间规则", "账号", "通知", "系统", "留痕"]
    for role in ROLES:
        client.force_login(staff(role))
        mine = {name for name, (edit, view) in RIGHTS.items() if role in edit | view}
        groups = admin.site.get_app_list(client.get(reverse("admin:index")).wsgi_request)
        shown = [f"{row['model']._meta.app_label}.{row['object_name']}" for one in groups for row in one["models"]]
        assert set(shown) == mine and len(shown) == len(mine), role
        names = {one["name"] for one in groups}
        assert [one["name"] for one in groups] == [name for name in order if name in names]


def test_without_the_staff_mark_nobody_enters_and_the_mark_alone_opens_nothing(stage, client, staff):
    client.force_login(stage.clerk)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403
    client.force_login(staff())
    assert client.get(admin_url(Deputy, "changelist")).status_code == 403
    client.logout()
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_three_administrators_never_see_a_case(stage, client, staff):
    title = Suggestion.objects.get().title
    for role in sorted(ADMINISTRATORS):
        client.force_login(staff(role))
        for name in CASES:
            assert client.get(admin_url(apps.get_model(name), "changelist")).status_code == 403
        assert title not in client.get(reverse("admin:index")).content.decode()


def test_autocomplete_answers_only_about_what_the_role_sees(world, client, staff):
    asked = (
        ("suggestions", "deputy", "delegation"), ("handlers", "post", "unit"), ("handlers", "division", "unit"),
        ("congresses", "term", "congress"), ("accounts", "rolegrant", "account"), ("suggestions", "deputy", "account"),
    )
    for role in ROLES:
        client.force_login(staff(role))
        for app_label, model_name, field in asked:
            response = client.get(reverse("admin:autocomplete"), {
                "app_label": app_label, "model_name": model_name, "field_name": field, "term": "a",
            })
            target = apps.get_model(app_label, model_name)._meta.get_field(field).remote_field.model
            edit, view = RIGHTS[f"{target._meta.app_label}.{target._meta.object_name}"]
            assert response.status_code == (200 if role in edit | view else 403), (role, model_name, field)


def test_a_draft_is_not_in_the_case_list(world, enter):
    data = {"title": "未交的草稿", "lead_deputy": world.lead_deputy}
    save_draft(data, actor=world.lead_deputy.account, today=handling.TODAY)
    assert "未交的草稿" not in enter(NPC).get(admin_url(Suggestion, "changelist")).content.decode()


def test_the_case_page_is_one_click_away(stage, enter):
    browser = enter(NPC)
    case = Suggestion.objects.get()
    assert case.get_absolute_url() in browser.get(admin_url(Suggestion, "changelist")).content.decode()
    page = browser.get(admin_url(Suggestion, "change", case.pk)).content.decode()
    assert case.get_absolute_url() in page and 'name="_save"' not in page


def test_no_list_asks_more_than_fifteen_queries(stage, client, staff, django_assert_max_num_queries):
    for name, (edit, view) in sorted(RIGHTS.items()):
        model = apps.get_model(name)
        if model._meta.app_label in ("congresses", "suggestions", "handlers", "supervision"):
            assert not admin.site._registry[model].show_full_result_count and admin.site._registry[model].search_fields
        for role in sorted(edit | view)[:1]:
            client.force_login(User.objects.filter(username=f"staff-{role}").first() or staff(role))
            with django_assert_max_num_queries(15):
                assert client.get(admin_url(model, "changelist")).status_code == 200


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_every_card_of_an_administrators_workbench_opens(world, enter, role):
    browser = enter(role)
    page = browser.get("/home/").content.decode()
    found = re.findall(r'href="([^"#][^"]*)" data-key="\d" class="number-card', page)
    assert bool(found) == (role != Role.SECADMIN) and ("进后台" in page) == (role == Role.SYSADMIN)
    assert [url for url in found if browser.get(url.replace("&amp;", "&")).status_code >= 400] == []
