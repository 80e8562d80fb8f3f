"""后台改日历与规则：同样留痕、同样重算；法定的数字在后台也改不长。"""
from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from lianluo.accounts.models import RoleGrant, User
from lianluo.audit.models import AuditEvent
from lianluo.workdays.models import CalendarYear, DeadlineRule, Holiday, RuleProfile

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client):
    user = User.objects.create_user("guanli", name="管理", is_staff=True)
    RoleGrant.objects.create(account=user, role="sysadmin", valid_from=date(2020, 1, 1))
    client.force_login(user)
    return user


def url(model: str, action: str, *args) -> str:
    return reverse(f"admin:workdays_{model}_{action}", args=args)


def profile_form(profile: RuleProfile, **changes) -> dict:
    """后台表单现在的样子，再改几处。"""
    rules = list(profile.rules.all())
    data = {
        "code": profile.code, "name": profile.name, "region": profile.region,
        "rules-TOTAL_FORMS": len(rules), "rules-INITIAL_FORMS": len(rules),
        "roll_to_workday": "on", "deadline_after_reassign": "keep", "meeting_within_months": 1,
        "extension_max_months": 3, "feedback_urges": 2, "max_rehandle_before_escalation": 2,
        "promise_review": "quarter", "promise_report_quarter": 4, "year_report_due": "08-31", "archive_years": 20,
    }
    for place, rule in enumerate(rules):
        for name in ("id", "code", "amount", "measure", "base", "basis"):
            data[f"rules-{place}-{name}"] = getattr(rule, name)
        data[f"rules-{place}-own_choice"] = "on" if rule.own_choice else ""
        data[f"rules-{place}-profile"] = profile.pk
    return {**data, **changes}


@pytest.mark.parametrize("model", ["holiday", "calendaryear", "ruleprofile"])
def test_the_lists_and_the_forms_open(client, keeper, model):
    assert client.get(url(model, "changelist")).status_code == 200
    assert client.get(url(model, "add")).status_code == 200


def test_a_day_edited_in_the_back_office_is_recorded_and_moves_dates(client, keeper, registered, owed):
    row = owed(486, "reply_normal", date(2018, 4, 9))
    data = {"day": "2018-07-09", "name": "临时放假", "source": "", "reason": "防汛"}
    assert client.post(url("holiday", "add"), data).status_code == 302
    row.refresh_from_db()
    assert row.due_on == date(2018, 7, 10)
    assert AuditEvent.objects.get(event="calendar.day_changed").reason == "防汛"


def test_a_day_cannot_be_edited_without_a_reason_nor_deleted(client, keeper):
    row = Holiday.objects.get(day=date(2018, 4, 8))
    response = client.post(url("holiday", "change", row.pk), {"name": "改名", "source": "甲", "reason": ""})
    assert response.status_code == 200
    assert client.post(url("holiday", "delete", row.pk), {"post": "yes"}).status_code == 403
    row.refresh_from_db()
    assert row.name == "清明节调休"


def test_a_change_without_effect_is_told_and_leaves_no_trace(client, keeper):
    row = Holiday.objects.get(day=date(2018, 4, 8))
    data = {"is_workday": "on", "name": row.name, "source": row.source, "reason": "看看"}
    page = client.post(url("holiday", "change", row.pk), data, follow=True).content.decode()
    assert "没有变化" in page
    assert not AuditEvent.objects.filter(event="calendar.day_changed").exists()


def test_a_year_is_marked_and_unmarked_in_the_back_office(client, keeper):
    assert client.post(url("calendaryear", "add"), {"year": "2027", "source": "放假通知"}).status_code == 302
    year = CalendarYear.objects.get(year=2027)
    assert client.post(url("calendaryear", "delete", year.pk), {"post": "yes"}).status_code == 302
    events = AuditEvent.objects.filter(event__startswith="calendar.").order_by("id").values_list("event", flat=True)
    assert list(events) == ["calendar.year_covered", "calendar.year_uncovered"]
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_a_setting_is_changed_and_recorded(client, keeper):
    profile = RuleProfile.objects.get(code="HN-DEFAULT")
    data = profile_form(profile, archive_years=30, roll_to_workday="")
    assert client.post(url("ruleprofile", "change", profile.pk), data).status_code == 302
    profile.refresh_from_db()
    assert profile.settings == {"archive_years": 30, "roll_to_workday": False}
    assert AuditEvent.objects.get(event="rules.changed").data["changed"] == ["roll_to_workday", "archive_years"]


def test_a_rule_is_changed_and_recorded(client, keeper):
    profile = RuleProfile.objects.get(code="HN-DEFAULT")
    data = profile_form(profile)
    place = next(key for key, value in data.items() if value == "return_days").split("-")[1]
    data[f"rules-{place}-amount"] = 5
    assert client.post(url("ruleprofile", "change", profile.pk), data).status_code == 302
    assert profile.rules.get(code="return_days").amount == 5
    assert AuditEvent.objects.get(event="rules.changed").data["changed"] == ["申请退回 5个工作日"]


def test_the_reply_cannot_be_made_longer_than_the_law_in_the_back_office(client, keeper):
    profile = RuleProfile.objects.get(code="HN-DEFAULT")
    data = profile_form(profile)
    place = next(key for key, value in data.items() if value == "reply_max").split("-")[1]
    data[f"rules-{place}-amount"] = 7
    response = client.post(url("ruleprofile", "change", profile.pk), data)
    assert response.status_code == 200
    assert "不得超过6个月（代表法第五十一条）" in response.content.decode()
    assert DeadlineRule.objects.get(profile=profile, code="reply_max").amount == 6


@pytest.mark.parametrize(("name", "value"), [
    ("extension_max_months", 4), ("year_report_due", "8月"), ("code", "HN-2"), ("archive_years", 0),
])
def test_a_setting_out_of_range_is_refused(client, keeper, name, value):
    profile = RuleProfile.objects.get(code="HN-DEFAULT")
    data = profile_form(profile, **{name: value})
    assert client.post(url("ruleprofile", "change", profile.pk), data).status_code == 200
    profile.refresh_from_db()
    assert (profile.code, profile.settings) == ("HN-DEFAULT", {})


def test_a_profile_shipped_with_the_system_is_not_deleted(client, keeper):
    profile = RuleProfile.objects.get(code="SH-2015")
    assert client.post(url("ruleprofile", "delete", profile.pk), {"post": "yes"}).status_code == 403
    own = RuleProfile.objects.create(code="CS-2020", name="长沙")
    assert client.post(url("ruleprofile", "delete", own.pk), {"post": "yes"}).status_code == 302
    assert AuditEvent.objects.get(event="reference.removed").target_name == "长沙"
