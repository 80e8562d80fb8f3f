"""反证：把一道防线关掉，对应的攻击就会得手。防线在，攻击不得手，由各测试证明。"""
import time_machine
from django.test import Client
from django.urls import reverse

from lianluo.accounts import codes, links, roles, sessions
from lianluo.accounts.models import RoleGrant, User
from lianluo.accounts.roles import Role
from lianluo.accounts.views import sign_in
from lianluo.workdays import clock

from .conftest import is_signed_in


def test_without_the_lock_the_sixth_guess_enters(client, liu, log_in, settings):
    settings.AXES_ENABLED = False
    for number in range(5):
        log_in(client, "liu", f"guess-{number}")
    assert log_in(client, "liu").status_code == 302


def test_without_the_binding_a_thief_uses_the_code(client, liu, ask_code, give_code, last_code, monkeypatch):
    monkeypatch.setattr(codes, "_bind", lambda request: request.session.setdefault(codes.BINDING, "all alike"))
    thief = Client()
    ask_code("13800001402")
    ask_code("13900000000", thief)
    assert give_code(last_code(), thief).status_code == 302 and is_signed_in(thief)


def test_without_the_counter_the_sixth_code_enters(client, liu, ask_code, give_code, last_code, monkeypatch):
    monkeypatch.setattr(codes, "TRIES", 1000)
    ask_code("13800001402")
    right = last_code()
    for step in range(1, 6):
        give_code(f"{(int(right) + step) % 1000000:06d}")
    assert give_code(right).status_code == 302


def test_without_the_second_step_the_password_suffices(client, liu, log_in, settings, monkeypatch):
    settings.SECOND_FACTOR = True
    monkeypatch.setattr(sign_in.signing, "needs_second", lambda account: False)
    log_in(client, "liu")
    assert is_signed_in(client)


def test_without_the_mark_another_door_counts(client, liu, settings, monkeypatch):
    settings.SECOND_FACTOR = True
    from lianluo.accounts.middleware import SessionLimitMiddleware

    monkeypatch.setattr(SessionLimitMiddleware, "_passed", lambda self, request: True)
    client.force_login(liu)
    assert is_signed_in(client)


def test_without_the_limits_a_session_goes_on(client, liu, log_in, settings, monkeypatch):
    monkeypatch.setattr(sessions, "why_ended", lambda session, now: "")
    with time_machine.travel("2026-11-24 09:00 +0800", tick=False) as traveller:
        log_in(client, "liu")
        traveller.shift(settings.SESSION_IDLE_SECONDS + 1)
        assert is_signed_in(client)


def test_without_the_epoch_ended_sessions_live_on(client, liu, person, log_in, monkeypatch):
    from lianluo.accounts import actions

    monkeypatch.setattr(User, "_get_session_auth_hash", lambda self, secret=None: "always the same")
    log_in(client, "liu")
    actions.end_all_sessions(User.objects.get(pk=liu.pk), actor=person("boss"))
    assert is_signed_in(client)


def test_without_the_digest_a_mutated_link_opens(monkeypatch):
    token = links.issue("evaluate", "delivery:7", days=60)
    monkeypatch.setattr(links, "_digest", lambda text: links.hashlib.sha256(text[:8].encode()).hexdigest())
    links.PersonalLink.objects.update(token_hash=links._digest(token))
    assert links.resolve("evaluate", token[:-1] + "!")


def test_without_the_exclusion_one_person_holds_both(person, monkeypatch):
    monkeypatch.setattr(roles, "ADMINISTRATORS", frozenset())
    account = person("wang", Role.SYSADMIN)
    RoleGrant.objects.create(account=account, role=Role.NPC_OFFICE, valid_from=clock.today())
    account.forget_roles()
    assert account.roles == {"sysadmin", "npc_office"}


def test_without_the_local_check_login_leads_away(client, liu, log_in, monkeypatch):
    monkeypatch.setattr(sign_in.signing, "url_has_allowed_host_and_scheme", lambda *a, **k: True)
    assert log_in(client, "liu", next="//evil.example/")["Location"] == "//evil.example/"


def test_without_the_forced_change_everything_is_open(client, liu, log_in, monkeypatch):
    monkeypatch.setattr("lianluo.accounts.middleware._open_paths", lambda: {"/probe/own/"})
    User.objects.update(must_change_password=True)
    log_in(client, "liu")
    assert is_signed_in(client) and client.get(reverse("accounts:tokens")).status_code == 302
