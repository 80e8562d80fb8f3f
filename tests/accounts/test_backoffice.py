"""账号后台：只有系统管理员；建人给一次初始密码；不能给自己授权、不能授超级权限。"""
import re

import pytest
from django.test import Client
from django.urls import reverse

from lianluo.accounts import actions
from lianluo.accounts.models import RoleGrant, User
from lianluo.accounts.roles import ADMINISTRATORS, Role
from lianluo.audit.models import AuditEvent
from lianluo.workdays import clock

ADD, LIST = "admin:accounts_user_add", "admin:accounts_user_changelist"
EMPTY_GRANTS = {
    "grants-TOTAL_FORMS": "0", "grants-INITIAL_FORMS": "0", "grants-MIN_NUM_FORMS": "0", "grants-MAX_NUM_FORMS": "1000",
}


@pytest.fixture
def boss(person):
    return person("boss", Role.SYSADMIN, is_staff=True)


@pytest.fixture
def office(client, boss):
    client.force_login(boss)
    return client


def details(account: User, **changes) -> dict:
    values = {"username": account.username, "name": account.name, "phone": account.phone, "email": account.email}
    values |= {name: "on" for name in ("is_staff", "is_active") if getattr(account, name)}
    return {name: value for name, value in {**values, **EMPTY_GRANTS, **changes}.items() if value is not None}


def grants(*rows: dict, kept: int = 0) -> dict:
    values = {**EMPTY_GRANTS, "grants-TOTAL_FORMS": str(len(rows)), "grants-INITIAL_FORMS": str(kept)}
    for number, row in enumerate(rows):
        values |= {f"grants-{number}-{name}": value for name, value in row.items()}
    return values


def new_grant(role: str) -> dict:
    return {"role": role, "valid_from": clock.today().isoformat()}


def change_url(account: User) -> str:
    return reverse("admin:accounts_user_change", args=[account.pk])


def test_a_new_person_gets_a_password_shown_once_that_must_be_changed(office, log_in):
    values = {"username": "zhao", "name": "赵处长", "phone": "138 0000 5555", **grants(new_grant("npc_office"))}
    page = office.post(reverse(ADD), values)
    account = User.objects.get(username="zhao")
    initial = re.search(r"<code>(\w{14})</code>", page.content.decode()).group(1)
    assert account.check_password(initial) and account.must_change_password and account.phone == "13800005555"
    assert account.roles == {"npc_office"} and "no-store" in page["Cache-Control"]
    assert log_in(Client(), "zhao", initial).status_code == 302
    made = AuditEvent.objects.filter(target_name="赵处长", actor_name="boss同志").order_by("id")
    assert list(made.values_list("event", flat=True)) == ["account.created", "role.granted"]


@pytest.mark.parametrize("role", [None, "npc_office", "secadmin", "auditor", "unit_office"])
def test_nobody_but_the_sysadmin_opens_the_accounts(client, person, liu, role):
    clerk = person("clerk", *([role] if role else []), is_staff=True)
    client.force_login(clerk)
    for url in [reverse(LIST), reverse(ADD), change_url(liu), change_url(clerk)]:
        assert client.get(url).status_code in (302, 403)
        assert client.post(url, details(liu, name="改名")).status_code in (302, 403)
    liu.refresh_from_db()
    assert liu.name == "刘科长"


def test_a_sysadmin_without_a_role_but_staff_flag_is_nobody(client, liu):
    User.objects.filter(pk=liu.pk).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=liu.pk))
    assert client.get(reverse(LIST)).status_code == 403


def test_roles_are_granted_and_revoked(office, liu):
    office.post(change_url(liu), details(liu, **grants(new_grant("npc_office"))))
    grant = RoleGrant.objects.get(account=liu)
    row = {"id": grant.pk, "account": liu.pk, "role": "sysadmin", "valid_from": grant.valid_from}
    row["valid_to"] = clock.today().isoformat()
    office.post(change_url(liu), details(liu, **grants(row, kept=1)))
    grant.refresh_from_db()
    assert (grant.role, grant.valid_to) == ("npc_office", clock.today())  # 已有的授权只能撤销，不能改成别的
    recorded = AuditEvent.objects.filter(event__startswith="role.", actor_name="boss同志")
    assert [event.event for event in recorded] == ["role.revoked", "role.granted"]


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_the_sysadmin_gives_himself_nothing(office, boss, role):
    office.post(change_url(boss), details(boss, is_superuser="on", **grants(new_grant(role))))
    boss.refresh_from_db()
    assert [grant.role for grant in boss.grants.all()] == ["sysadmin"] and not boss.is_superuser


def test_is_superuser_and_other_hidden_columns_cannot_be_posted(office, liu):
    extra = {"is_superuser": "on", "password": "x", "session_epoch": "9", "must_change_password": "on"}
    extra |= {"user_permissions": "1", "groups": "1", "username_key": "boss"}
    before = User.objects.values().get(pk=liu.pk)
    office.post(change_url(liu), details(liu, name="刘处长", **extra))
    after = User.objects.values().get(pk=liu.pk)
    assert {name for name in after if after[name] != before[name]} == {"name"}


def test_a_higher_account_is_not_changed(office, liu):
    User.objects.filter(pk=liu.pk).update(is_superuser=True)
    assert office.post(change_url(liu), details(liu, phone="13999999999")).status_code == 403
    office.post(reverse(LIST), {"action": "reset_passwords", "_selected_action": [liu.pk]})
    liu.refresh_from_db()
    assert liu.phone == "13800001402" and not liu.must_change_password


@pytest.mark.parametrize("pair", [("sysadmin", "auditor"), ("secadmin", "editor"), ("auditor", "npc_office")])
def test_two_excluding_roles_in_one_form_are_refused(office, liu, pair):
    answer = office.post(change_url(liu), details(liu, **grants(*map(new_grant, pair))))
    assert answer.status_code == 200 and "三员互斥" in answer.content.decode() and not liu.grants.exists()
    added = office.post(reverse(ADD), {"username": "zhao", "name": "赵处长", **grants(*map(new_grant, pair))})
    assert "三员互斥" in added.content.decode() and not User.objects.filter(username="zhao").exists()


def test_disabling_ends_the_persons_session(office, liu, log_in):
    browser = Client()
    log_in(browser, "liu")
    office.post(change_url(liu), details(liu, is_active=None))
    liu.refresh_from_db()
    assert not liu.is_active and browser.get("/probe/own/").status_code == 302
    assert AuditEvent.objects.filter(event="account.disabled", target_id=liu.pk).count() == 1


def test_the_sysadmin_cannot_lock_himself_out(office, boss):
    office.post(change_url(boss), details(boss, is_active=None, is_staff=None))
    boss.refresh_from_db()
    assert boss.is_active and boss.is_staff


def test_list_actions_reset_end_and_unlock_others_only(office, boss, liu, log_in):
    browser = Client()
    log_in(browser, "liu")
    chosen = {"_selected_action": [boss.pk, liu.pk]}
    office.post(reverse(LIST), {"action": "end_sessions", **chosen})
    assert browser.get("/probe/own/").status_code == 302
    page = office.post(reverse(LIST), {"action": "reset_passwords", **chosen}).content.decode()
    assert re.findall(r"<td>(\w+)</td><td><code>", page) == ["liu"]
    for _ in range(5):
        log_in(browser, "liu", "guess")
    office.post(reverse(LIST), {"action": "unlock", **chosen})
    assert log_in(browser, "liu", "guess").status_code == 422


def test_accounts_are_not_deleted(office, liu):
    assert office.post(reverse("admin:accounts_user_delete", args=[liu.pk]), {"post": "yes"}).status_code == 403
    office.post(reverse(LIST), {"action": "delete_selected", "_selected_action": [liu.pk], "post": "yes"})
    assert User.objects.filter(pk=liu.pk).exists()


def test_accounts_unused_for_ninety_days_are_listed(office, liu):
    page = office.get(reverse(LIST), {"unused": "1"}).content.decode()
    assert "刘科长" not in page
    User.objects.filter(pk=liu.pk).update(created_at="2020-01-01T00:00:00Z")
    assert "刘科长" in office.get(reverse(LIST), {"unused": "1"}).content.decode()


def test_the_list_costs_the_same_for_few_and_many(office, person, django_assert_max_num_queries):
    for number in range(30):
        person(f"person{number}", Role.EDITOR)
    with django_assert_max_num_queries(12):
        assert office.get(reverse(LIST)).status_code == 200


def test_tokens_are_seen_and_revoked_but_not_made(office, liu):
    actions.issue_token(liu, "厅办公系统", days=30, actor=liu)
    row = liu.api_tokens.get()
    assert "厅办公系统" in office.get(reverse("admin:accounts_apitoken_changelist")).content.decode()
    assert office.get(reverse("admin:accounts_apitoken_add")).status_code == 403
    office.post(reverse("admin:accounts_apitoken_changelist"), {"action": "revoke", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.revoked_at


def test_the_three_administrators_see_only_their_own(client, person):
    for role in sorted(ADMINISTRATORS):
        client.force_login(person(f"admin-{role}", role, is_staff=True))
        assert (client.get(reverse(LIST)).status_code == 200) is (role == "sysadmin")
        assert client.get("/probe/office/").status_code == 403
