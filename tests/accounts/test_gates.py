"""视图的门：没登录去登录、没角色 403 并留痕、局部请求 401 不丢字、私有页不留存。"""
import pytest

from lianluo.accounts import decorators
from lianluo.accounts.roles import Role
from lianluo.audit.models import AuditEvent


def test_the_right_role_enters_and_a_lack_of_it_is_refused_and_recorded(client, person, log_in):
    person("liu", Role.GOV_OFFICE)
    person("chen", Role.EDITOR)
    log_in(client, "chen")
    assert client.get("/probe/office/").status_code == 403
    event = AuditEvent.objects.get(event="account.refused")
    assert event.actor_name == "chen同志" and event.data["path"] == "/probe/office/"
    log_in(client, "liu")
    assert client.get("/probe/office/").status_code == 200


@pytest.mark.parametrize("path", ["/probe/office/", "/probe/own/", "/probe/plain/"])
def test_without_login_one_is_sent_to_the_login_page(client, path):
    assert client.get(path)["Location"] == f"/login/?next={path}"


@pytest.mark.parametrize("path", ["/probe/office/", "/probe/own/", "/probe/plain/"])
@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"X-Requested-With": "fetch"}])
def test_a_background_request_gets_401_with_a_way_to_log_in(client, path, headers):
    answer = client.post(path, headers={**headers, "HX-Current-URL": "http://testserver/s/14-4/0486/?tab=a"})
    text = answer.content.decode()
    assert answer.status_code == 401 and "<html" not in text
    assert "/login/?next=" in text


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client):
    answer = client.post("/probe/own/", headers={"Referer": "http://testserver/s/14-4/0486/?tab=a"})
    assert answer["Location"] == "/login/?next=/s/14-4/0486/%3Ftab%3Da"
    foreign = client.post("/probe/own/", headers={"Referer": "https://evil.example/x"})
    assert foreign["Location"] == "/login/?next=/"


def test_private_pages_are_not_stored_and_public_ones_may_be(client, liu, log_in):
    assert "Cache-Control" not in client.get("/probe/open/")
    log_in(client, "liu")
    assert {"no-store", "private"} <= set(client.get("/probe/own/")["Cache-Control"].split(", "))


def test_a_gate_without_roles_is_a_mistake():
    with pytest.raises(ValueError):
        decorators.roles_required()


def test_gates_say_which_roles_they_ask_for():
    gated = decorators.roles_required(Role.EDITOR)(lambda request: None)
    assert gated.roles == ("editor",)
