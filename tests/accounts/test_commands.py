"""命令：建第一个管理员、建接口令牌。"""
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from lianluo.accounts.models import ApiToken, User
from lianluo.audit.models import AuditEvent


def run(*args: str, capsys, **options) -> str:
    call_command(*args, **options)
    return capsys.readouterr().out


def test_create_admin_makes_one_who_must_change_the_password(capsys, log_in):
    printed = run("create_admin", "wang", "王管理", capsys=capsys, phone="13800007777")
    initial = printed.strip().rsplit("：", 1)[1]
    account = User.objects.get()
    assert account.roles == {"sysadmin"} and account.is_staff and not account.is_superuser
    assert log_in(Client(), "wang", initial)["Location"] == reverse("accounts:password_change")
    assert AuditEvent.objects.filter(actor=None, actor_name="系统").count() >= 2


def test_create_admin_refuses_a_name_in_use_and_leaves_nothing(capsys, liu):
    with pytest.raises(CommandError, match="已有人使用"):
        run("create_admin", "ＬＩＵ", "王管理", capsys=capsys)
    assert User.objects.count() == 1 and not AuditEvent.objects.exists()


def test_create_token_prints_a_working_token(capsys, liu):
    token = run("create_token", "LIU", "厅办公系统", capsys=capsys).strip()
    assert Client().get("/api/probe/", headers={"Authorization": f"Token {token}"}).status_code == 200
    assert ApiToken.objects.get().name == "厅办公系统"


@pytest.mark.parametrize("days", [0, -1, 9999])
def test_create_token_refuses_odd_days_and_strangers(capsys, liu, days):
    with pytest.raises(CommandError):
        run("create_token", "liu", "试", capsys=capsys, days=days)
    with pytest.raises(CommandError, match="没有可登录的账号"):
        run("create_token", "nobody", "试", capsys=capsys)
    assert not ApiToken.objects.exists()
