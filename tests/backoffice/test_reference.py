"""基础资料：改了什么从什么改成什么，都用中文记下；连账号要过三员互斥这一关。"""
from __future__ import annotations

import pytest
from django.contrib import admin

from handlers.models import Division, Post, Unit
from lianluo.audit.models import AuditEvent
from lianluo.audit.verify import verify
from lianluo.congresses.models import Congress
from lianluo.notices.models import Notice
from suggestions.models import Category, Delegation, Deputy, Suggestion
from tests.handlers import handling
from tests.world import make_user

from .conftest import admin_url

EMPTY = {"divisions-TOTAL_FORMS": "0", "divisions-INITIAL_FORMS": "0"}


def filled(obj, **changes) -> dict:
    """后台表单现在的样子，再改几处。"""
    values = {}
    for field in obj._meta.fields:
        if field.editable and not field.primary_key:
            value = field.value_from_object(obj)
            if value is not None and value is not False:
                values[field.name] = "on" if value is True else value
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def last() -> AuditEvent:
    return AuditEvent.objects.filter(event__startswith="reference.").latest("id")


def test_a_change_is_recorded_before_and_after_in_chinese(world, enter, var_dir):
    browser, unit = enter("npc_office"), world.water.unit
    response = browser.post(
        admin_url(Unit, "change", unit.pk), {**filled(unit, phone="0731-85555555", kind="party"), **EMPTY}
    )
    assert response.status_code == 302
    event = last()
    assert (event.event, event.target_name, event.data["kind"]) == ("reference.changed", "省水利厅", "承办单位")
    assert event.data["changes"] == [
        {"field": "类别", "before": "省政府部门", "after": "党群"},
        {"field": "办公电话", "before": "0731-82210000", "after": "0731-85555555"},
    ]
    assert verify()[1] is None


def test_saving_without_a_change_records_nothing(world, enter):
    category = Category.objects.first()
    assert enter("npc_office").post(admin_url(Category, "change", category.pk), filled(category)).status_code == 302
    assert not AuditEvent.objects.filter(event__startswith="reference.").exists()


def test_a_new_row_is_recorded(world, enter):
    data = {"congress": world.congress.pk, "name": "湘潭代表团", "prefecture": "湘潭市", "position": "3"}
    assert enter("npc_office").post(admin_url(Delegation, "add"), data).status_code == 302
    assert last().event == "reference.added"
    assert {"field": "名称", "before": "--", "after": "湘潭代表团"} in last().data["changes"]


def test_rows_below_a_row_are_recorded_too(world, enter):
    unit, room = world.water.unit, world.water.division
    rows = {
        "divisions-TOTAL_FORMS": "2", "divisions-INITIAL_FORMS": "1", "divisions-0-id": room.pk,
        "divisions-0-unit": unit.pk, "divisions-0-name": "办公室", "divisions-0-position": "0",
        "divisions-1-unit": unit.pk, "divisions-1-name": "规划处", "divisions-1-position": "2",
    }
    assert enter("npc_office").post(admin_url(Unit, "change", unit.pk), {**filled(unit), **rows}).status_code == 302
    assert set(Division.objects.filter(unit=unit).values_list("name", flat=True)) == {"办公室", "规划处"}
    events = AuditEvent.objects.filter(target_type="handlers.division").order_by("id")
    assert [one.event for one in events] == ["reference.added", "reference.changed"]
    assert events[1].data["changes"] == [{"field": "名称", "before": "综合处", "after": "办公室"}]


def test_a_person_links_an_account_by_its_login_name(world, enter):
    account = make_user("zhang", "张处长")
    data = {
        "unit": world.water.unit.pk, "division": world.water.division.pk, "account": "ＺＨＡＮＧ", "name": "张处长",
        "duty": "officer", "rank": "10", "valid_from": "2026-01-01",
    }
    assert enter("npc_office").post(admin_url(Post, "add"), data).status_code == 302
    assert Post.objects.get(account=account).name == "张处长" and "handler" in account.roles


@pytest.mark.parametrize(
    ("login", "said"),
    [("nobody", "没有这个登录名"), ("staff-npc_office", "不能连到自己的账号"), ("sysadmin", "三员不兼业务角色")],
)
def test_nobody_links_himself_nor_an_administrator(world, enter, login, said):
    browser = enter("npc_office")
    data = {
        "unit": world.water.unit.pk, "account": login, "name": "某人", "duty": "deputy_head", "rank": "40",
        "valid_from": "2026-01-01",
    }
    response = browser.post(admin_url(Post, "add"), data)
    assert response.status_code == 200 and said in response.content.decode()
    deputy = world.other_deputy
    response = browser.post(admin_url(Deputy, "change", deputy.pk), filled(deputy, account=login))
    assert response.status_code == 200 and said in response.content.decode()
    deputy.refresh_from_db()
    assert deputy.account.username == "hn140003" and not Post.objects.filter(name="某人").exists()


def test_a_deputy_is_edited_without_touching_the_link(world, enter):
    deputy = world.lead_deputy
    values = filled(deputy, account=deputy.account.username, employer_post="长沙县农民")
    assert enter("npc_office").post(admin_url(Deputy, "change", deputy.pk), values).status_code == 302
    deputy.refresh_from_db()
    assert deputy.account.username == "hn140001"
    assert last().data["changes"] == [{"field": "单位及职务", "before": "--", "after": "长沙县农民"}]


def test_delegation_staff_are_named_by_login(world, enter):
    browser, team = enter("npc_office"), world.zhuzhou
    bad = browser.post(admin_url(Delegation, "change", team.pk), filled(team, staff_names="tuan\nnobody"))
    assert "没有登录名“nobody”" in bad.content.decode() and not team.staff.exists()
    assert browser.post(admin_url(Delegation, "change", team.pk), filled(team, staff_names="tuan")).status_code == 302
    assert list(team.staff.all()) == [world.delegation_staff]
    assert last().data["changes"] == [{"field": "代表团工作人员", "before": "--", "after": "tuan"}]


def test_posts_stand_in_a_room_of_their_own_unit(world, enter):
    data = {
        "unit": world.water.unit.pk, "division": world.transport.division.pk, "name": "张三", "duty": "officer",
        "rank": "10", "valid_from": "2026-01-01", "valid_to": "2025-01-01",
    }
    page = enter("npc_office").post(admin_url(Post, "add"), data).content.decode()
    assert "不是省水利厅的处室" in page and not Post.objects.filter(name="张三").exists()


def test_the_sysadmin_keeps_the_sessions(world, enter):
    congress = world.congress
    url, data = admin_url(Congress, "change", congress.pk), filled(congress, short="省人大")
    assert enter("sysadmin").post(url, data).status_code == 302
    assert last().actor_name == "后台sysadmin" and last().data["changes"][0]["after"] == "省人大"


@pytest.mark.parametrize(
    ("model", "changes", "said"),
    [
        (Deputy, {"certificate_no": "HN0001"}, "这个代表证号已登记在另一位代表名下"),
        (Delegation, {"name": "长沙代表团"}, "已有同名的代表团"),
        (Delegation, {"name": ""}, "填写名称"),
        (Deputy, {"served_from": "2026-02-01", "served_to": "2026-01-01"}, "任职止不能早于任职起"),
        (Deputy, {"email": "abc"}, "邮箱写成 name@example.cn 的样子"),
    ],
)
def test_a_refusal_is_one_plain_sentence(world, enter, model, changes, said):
    world.lead_deputy.certificate_no = "HN0001"
    world.lead_deputy.save(update_fields=["certificate_no"])
    row = {Deputy: world.other_deputy, Delegation: world.zhuzhou}[model]
    account = {"account": row.account.username} if model is Deputy else {}
    page = enter("npc_office").post(admin_url(model, "change", row.pk), {**filled(row), **account, **changes})
    assert page.status_code == 200 and said in page.content.decode()
    assert "约束" not in page.content.decode()


def test_a_unit_has_one_head_and_says_so(world, enter):
    Post.objects.filter(unit=world.water.unit, duty="head").delete()
    Post.objects.create(unit=world.water.unit, name="甲", duty="head", rank=50, valid_from="2026-01-01")
    data = {"unit": world.water.unit.pk, "name": "乙", "duty": "head", "rank": "50", "valid_from": "2026-01-01"}
    page = enter("npc_office").post(admin_url(Post, "add"), data).content.decode()
    assert "这个单位已有在任的主要负责人，先填他的任职止" in page


@pytest.mark.parametrize("model", [one for one, own in admin.site._registry.items() if getattr(own, "edit_roles", ())])
def test_every_rule_of_the_database_has_its_own_sentence(model):
    """没有句子的，Django 说“约束 “deputy_certificate” 是无效的”。"""
    models = [model, *(inline.model for inline in admin.site._registry[model].inlines)]
    rules = [rule for one in models for rule in one._meta.constraints]
    assert [rule.name for rule in rules if rule.violation_error_message == rule.default_violation_error_message] == []


def test_what_is_only_shown_has_no_button_to_an_empty_history(world, enter):
    browser = enter("npc_office")
    case = handling.answered(world).assignment.suggestion
    assert ">历史</a>" not in browser.get(admin_url(Suggestion, "change", case.pk)).content.decode()
    assert ">历史</a>" in browser.get(admin_url(Deputy, "change", world.lead_deputy.pk)).content.decode()


def test_a_link_for_one_person_is_not_shown_to_others(world, enter):
    """凭链接不登录就能确认联名：后台里的办公室也拿不到。"""
    body = "请您联名。\n不登录也可以办：\nhttp://127.0.0.1:8018/my/c/3MV8n89WFD15Vhwibd/\n"
    row = Notice.objects.create(
        recipient=world.other_deputy.account, subject="待您确认联名", body=body, about="x", kind="y"
    )
    page = enter("npc_office").get(admin_url(Notice, "change", row.pk)).content.decode()
    assert "/my/c/" not in page and "请您联名。" in page and "链接只给收件人本人" in page


def test_the_words_of_the_back_office_read_as_chinese(world, enter):
    browser = enter("npc_office")
    page = browser.get(admin_url(Deputy, "changelist")).content.decode()
    assert "按代表团" in page and "以 代表团" not in page
    assert "无可选的" not in browser.get("/admin/").content.decode()
