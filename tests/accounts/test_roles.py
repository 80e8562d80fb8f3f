"""角色：授权与撤销即时生效；三员互斥、不兼业务；没有人能给自己授权。"""
import secrets
from datetime import timedelta
from itertools import permutations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from lianluo.accounts import actions, roles
from lianluo.accounts.models import ApiToken, RoleGrant, User
from lianluo.accounts.roles import ADMINISTRATORS, Role
from lianluo.audit.models import AuditEvent
from lianluo.congresses.models import Congress
from lianluo.statemachine import DomainError, Forbidden
from lianluo.workdays import clock


def fresh(account: User) -> User:
    return User.objects.get(pk=account.pk)


class Given:
    """另一层给出的角色，借接口令牌的名称一栏存代码：``given[账号] = [角色]``。"""

    def __setitem__(self, account: int, codes: list[str]) -> None:
        for code in codes:
            ApiToken.objects.create(account_id=account, name=code, digest=secrets.token_hex(32))


@pytest.fixture
def provider(monkeypatch):
    """临时登记一个角色来源，别的楼层的都不在。"""
    monkeypatch.setattr(roles, "_sources", {roles.GRANT: roles._sources[roles.GRANT]})
    roles.provide("given", ApiToken.objects.filter(account=roles.ACCOUNT), code="name")
    return Given()


def test_a_grant_counts_at_once_and_its_revocation_too(client, person, log_in):
    account, boss = person("liu"), person("boss")
    log_in(client, "liu")
    assert client.get("/probe/office/").status_code == 403
    grant = actions.grant_role(account, Role.NPC_OFFICE, actor=boss, valid_from=clock.today())
    assert client.get("/probe/office/").status_code == 200
    actions.revoke_role(grant, actor=boss, today=clock.today())
    assert client.get("/probe/office/").status_code == 403
    assert list(AuditEvent.objects.filter(event__startswith="role.").values_list("event", flat=True)) == [
        "role.revoked", "role.granted",
    ]


def test_grants_count_only_within_their_days(person):
    account, today = person("liu"), clock.today()
    day = timedelta(days=1)
    RoleGrant.objects.create(account=account, role=Role.NPC_OFFICE, valid_from=today + day)
    RoleGrant.objects.create(account=account, role=Role.EDITOR, valid_from=today - day, valid_to=today)
    RoleGrant.objects.create(account=account, role=Role.ASSESSOR, valid_from=today, valid_to=today + day)
    assert fresh(account).roles == {"assessor"}


def test_has_role_takes_any_of_the_codes(person):
    account = person("liu", Role.EDITOR)
    assert account.has_role(Role.EDITOR) and account.has_role("approver", "editor") and not account.has_role("approver")


def test_disabled_and_anonymous_people_have_no_role(person):
    account = person("liu", Role.NPC_OFFICE)
    account.is_active = False
    account.forget_roles()
    assert account.roles == frozenset() == roles.of(AnonymousUser())


def test_floors_add_roles_and_they_are_asked_once(person, provider, django_assert_num_queries):
    account = person("liu", Role.EDITOR)
    provider[account.pk] = [Role.UNIT_OFFICE]
    account = fresh(account)
    with django_assert_num_queries(1):
        assert account.roles == {"editor", "unit_office"}
        assert account.has_role("unit_office") and not account.has_role("npc_office")


def test_registering_a_source_twice_keeps_one(provider):
    roles.provide("given", ApiToken.objects.filter(account=roles.ACCOUNT), code="prefix")
    assert [(key, source.code) for key, source in roles._sources.items()] == [("grant", "role"), ("given", "prefix")]


@pytest.mark.parametrize(("first", "then"), list(permutations(sorted(ADMINISTRATORS), 2)))
def test_nobody_holds_two_of_the_three_administrators(person, first, then):
    account = person("wang", first)
    with pytest.raises(DomainError, match="三员互斥"):
        actions.grant_role(account, then, actor=None, valid_from=clock.today())
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(account=account, role=then)
    assert fresh(account).roles == {first}


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
def test_an_administrator_gets_no_business_role_nor_the_other_way_round(person, administrator):
    today = clock.today()
    business = [role for role in Role if role.value not in ADMINISTRATORS]
    admin = person("wang", administrator)
    for role in business:
        with pytest.raises(DomainError, match="三员互斥"):
            actions.grant_role(admin, role, actor=None, valid_from=today)
        clerk = person(f"clerk-{role.value}", role)
        with pytest.raises(DomainError, match="三员互斥"):
            actions.grant_role(clerk, administrator, actor=None, valid_from=today)


def test_a_later_grant_counts_in_the_exclusion_too(person):
    account = person("wang", Role.AUDITOR)
    with pytest.raises(ValidationError):
        RoleGrant(account=account, role=Role.EDITOR, valid_from=clock.today() + timedelta(days=30)).full_clean()


def test_a_role_given_by_a_floor_bars_the_administrators(person, provider):
    account = person("wang")
    provider[account.pk] = [Role.HANDLER]
    with pytest.raises(DomainError, match="三员互斥"):
        actions.grant_role(account, Role.SYSADMIN, actor=None, valid_from=clock.today())


def test_an_administrator_given_a_post_later_keeps_only_the_administrator_role(person, provider):
    account = person("wang", Role.SYSADMIN)
    provider[account.pk] = [Role.HANDLER, Role.UNIT_HEAD]
    assert fresh(account).roles == {"sysadmin"}


def test_two_administrator_roles_forced_into_the_database_give_none(person, provider):
    account = person("wang", Role.SYSADMIN)
    provider[account.pk] = [Role.AUDITOR]
    assert fresh(account).roles == frozenset()


def test_the_exclusion_is_lifted_once_the_old_grant_is_revoked(person):
    account = person("wang", Role.SYSADMIN)
    actions.revoke_role(account.grants.get(), actor=None, today=clock.today())
    actions.grant_role(account, Role.NPC_OFFICE, actor=None, valid_from=clock.today())
    assert fresh(account).roles == {"npc_office"}


def test_nobody_grants_or_revokes_his_own_roles(person):
    boss = person("boss", Role.SYSADMIN)
    with pytest.raises(Forbidden, match="自己"):
        actions.grant_role(boss, Role.NPC_OFFICE, actor=boss, valid_from=clock.today())
    with pytest.raises(Forbidden, match="自己"):
        actions.revoke_role(boss.grants.get(), actor=boss, today=clock.today())
    with pytest.raises(Forbidden, match="自己"):
        actions.disable_account(boss, actor=boss)


def test_the_same_role_is_granted_once_per_congress(person):
    account = person("liu", Role.NPC_OFFICE)
    with pytest.raises(DomainError, match="同样的授权"):
        actions.grant_role(account, Role.NPC_OFFICE, actor=None, valid_from=clock.today())
    changsha = Congress.objects.create(name="长沙市人民代表大会", short="长沙市", tier="city")
    actions.grant_role(account, Role.NPC_OFFICE, actor=None, congress=changsha, valid_from=clock.today())
    with pytest.raises(DomainError, match="同样的授权"):
        actions.grant_role(account, Role.NPC_OFFICE, actor=None, congress=changsha, valid_from=clock.today())


@pytest.mark.parametrize("username", ["LIU", "ｌｉｕ", "Liu", "l iu"])
def test_a_username_differing_only_in_width_or_case_is_refused(person, username):
    person("liu")
    with pytest.raises(DomainError):
        actions.create_account(username=username, name="另一个人", actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(username, name="另一个人")


def test_every_role_has_a_chinese_name():
    assert all("\u4e00" <= role.label[0] <= "\u9fff" for role in Role) and len(Role) == 19


def test_a_person_is_called_by_name(person):
    account = person("liu", Role.EDITOR, name="刘科长")
    assert str(account) == account.get_full_name() == account.get_short_name() == "刘科长"
    assert account.role_names == "简报责任编辑"
