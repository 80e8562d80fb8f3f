"""审计查看：只给审计管理员；筛选、改前改后、按主键翻页、导出、校验。"""
from __future__ import annotations

import ast
import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse

from handlers.actions.contacting import correct_activity
from handlers.actions.evaluating import record_evaluation, report_pressure
from lianluo.accounts.roles import Role
from lianluo.audit import context, keyset, record, verify, views
from lianluo.audit.anchoring import anchor
from lianluo.audit.models import AuditEvent, AuditHead
from lianluo.audit.reading import NAMES, read
from lianluo.workdays import clock
from tests.handlers import cases, handling
from tests.world import make_user

PAGES = ["audit:index", "audit:heads", "audit:export"]


@pytest.fixture
def auditor(client, world, var_dir):
    client.force_login(world.auditor)
    return client


def shown(client, **params) -> str:
    response = client.get(reverse("audit:index"), params)
    assert response.status_code == 200
    return response.content.decode()


def rows(page: str) -> int:
    return page.count("<tr>") - 1


# ── 谁看得到 ──
@pytest.mark.parametrize("name", PAGES)
def test_only_the_auditor_opens_it(client, world, name):
    assert client.get(reverse(name)).status_code == 302
    for role in Role.values:
        account = make_user(f"r-{role}", f"某{role}", role, congress=world.congress, is_staff=True)
        client.force_login(account)
        assert client.get(reverse(name)).status_code == (200 if role == "auditor" else 403), role


def test_only_the_auditor_starts_the_check(client, world):
    for account in (world.clerk, world.sysadmin, world.stranger):
        client.force_login(account)
        assert client.post(reverse("audit:check")).status_code == 403
    assert not AuditEvent.objects.filter(event="audit.verified").exists()


def test_looking_changes_nothing(auditor, world):
    cases.assigned(world)
    before = AuditEvent.objects.count()
    for name in PAGES:
        b"".join(auditor.get(reverse(name)))
    assert auditor.get(reverse("audit:check")).status_code == 405 and AuditEvent.objects.count() == before


# ── 内容 ──
def test_a_row_says_who_when_what_and_where(auditor, world):
    with context.of(context.Here(ip="10.1.2.3", request_id="r1")):
        case, _ = cases.assigned(world)
    page = shown(auditor, event="suggestion.assigned")
    assert "陈办" in page and "交办" in page and "10.1.2.3" in page and case.title in page
    assert '<del class="diff-del">已登记</del>' in page and '<ins class="diff-ins">已交办</ins>' in page


def test_before_and_after_have_chinese_names(auditor, world):
    reply = handling.answered(world)
    row = handling.contacted(reply.assignment, world.water, on=handling.SENT)
    correct_activity(row, reason="记错", kind="phone", actor=world.water.officer, today=handling.TODAY)
    page = shown(auditor, event="activity.corrected")
    assert '<del class="diff-del">上门走访</del>' in page and '<ins class="diff-ins">电话</ins>' in page
    assert "种类" in page and "理由：记错" in page


def test_changes_of_reference_data_are_shown_the_same_way(auditor, world):
    changes = [{"field": "办公电话", "before": "0731-1", "after": "0731-2"}]
    record("reference.changed", actor=world.sysadmin, target=world.water.unit, kind="承办单位", changes=changes)
    page = shown(auditor, event="reference.changed")
    assert "承办单位" in page and "办公电话" in page and '<del class="diff-del">0731-1</del>' in page


def test_a_long_content_is_cut_and_says_how_long(auditor, world):
    handling.registered(world, body="长" * 2900)
    page = shown(auditor, event="suggestion.submitted")
    assert "字）" in page and "长" * 300 not in page


def test_the_auditor_does_not_read_what_was_written(auditor, world):
    """三员看不到建议的内容，评价受干预的反映只给人大办事机构：页面、导出、后台都只说多少字。"""
    handling.registered(world, body="支流水质下降，山塘淤积。")
    reply = handling.answered(world)
    row = handling.contacted(reply.assignment, world.water, on=handling.SENT)
    correct_activity(row, reason="记错", content="厅长打过招呼", actor=world.water.officer, today=handling.TODAY)
    answers = dict.fromkeys(("attitude", "outcome", "overall"), "satisfied")
    by = {"actor": world.lead_deputy.account, "today": handling.TODAY}
    evaluation = record_evaluation(reply.deliveries.get(), **answers, **by)
    report_pressure(evaluation, note="处长要我改成满意", deputy=world.lead_deputy, **by)
    event = AuditEvent.objects.get(event="evaluation.pressure_reported")
    pages = [shown(auditor, event=name) for name in ("suggestion.submitted", "activity.corrected", event.event)]
    pages += [b"".join(auditor.get(reverse("audit:export"))).decode()]
    pages += [auditor.get(f"/admin/audit/auditevent/{end}").content.decode() for end in ("", f"{event.pk}/change/")]
    for page in pages:
        assert not any(words in page for words in ("山塘淤积", "打过招呼", "改成满意"))
    assert "（12 字）" in pages[0] and "（8 字）" in pages[2]


def test_texts_are_escaped(auditor, world):
    record("reference.changed", actor=world.sysadmin, target=world.water.unit, reason="<script>x</script>",
           changes=[{"field": "<b>", "before": "<i>", "after": "=1+1"}])
    page = shown(auditor, event="reference.changed")
    assert "<script>x" not in page and "&lt;script&gt;x" in page and "<i>" not in page


# ── 筛选 ──
def test_it_is_filtered_by_time_person_event_object_and_address(auditor, world):
    with context.of(context.Here(ip="10.9.8.7")):
        case, _ = cases.assigned(world, number=1)
    with context.of(context.Here(ip="192.168.0.1")):
        record("account.disabled", actor=world.sysadmin, target=world.stranger, reason="离岗")
    today = clock.today()
    assert rows(shown(auditor, ip="192.168.")) == 1 and "停用账号" in shown(auditor, ip="192.168.")
    assert rows(shown(auditor, who="系统管理")) == 1 and rows(shown(auditor, event="account.disabled")) == 1
    assert rows(shown(auditor, kind="accounts.user")) == 1 and rows(shown(auditor, target="路人")) == 1
    assert rows(shown(auditor, target=f"suggestion:{case.pk}")) >= 2
    assert rows(shown(auditor, since=today, until=today)) == AuditEvent.objects.count()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    for nothing in ({"until": yesterday}, {"since": tomorrow}, {"ip": "8.8"}):
        assert "没有符合条件的留痕" in shown(auditor, **nothing)


@pytest.mark.parametrize("value", ["'", "1 OR 1=1", "9" * 400, "%", "\\", "😀"])
def test_hostile_filters_break_nothing(auditor, world, value):
    for name in ("who", "post", "event", "kind", "target", "since", "until", "ip", "before", "after"):
        assert auditor.get(reverse("audit:index"), {name: value}).status_code == 200


# ── 翻页 ──
def test_pages_go_by_key_and_meet_without_gap_or_repeat(auditor, world):
    for number in range(130):
        record("account.signed_in", actor=world.clerk, target=world.clerk, method=str(number))
    seen, params = [], {}
    while True:
        page = auditor.get(reverse("audit:index"), {"event": "account.signed_in", **params}).context["page"]
        seen += [row.pk for row in page.rows]
        if page.older is None:
            break
        params = {"before": page.older}
    assert len(seen) == len(set(seen)) == 130 and seen == sorted(seen, reverse=True)
    back = auditor.get(reverse("audit:index"), {"event": "account.signed_in", "after": page.newer}).context["page"]
    assert len(back.rows) == keyset.SIZE and back.rows[-1].pk > page.rows[0].pk and back.newer is not None


def test_it_counts_nothing(auditor, world, django_assert_max_num_queries):
    cases.assigned(world)
    with django_assert_max_num_queries(15) as found:
        shown(auditor)
    asked = [one["sql"] for one in found.captured_queries if "audit_auditevent" in one["sql"]]
    assert asked and not [sql for sql in asked if "COUNT(" in sql]


def test_a_fragment_is_given_to_htmx(auditor, world):
    page = auditor.get(reverse("audit:index"), headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="audit-events">') and "<html" not in page


# ── 导出 ──
def exported(client, **params) -> list[list[str]]:
    response = client.get(reverse("audit:export"), params)
    assert response["Content-Type"] == "text/csv; charset=utf-8" and "no-store" in response["Cache-Control"]
    assert "attachment" in response["Content-Disposition"]
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_the_export_is_what_is_filtered(auditor, world):
    cases.assigned(world)
    record("account.disabled", actor=world.sysadmin, target=world.stranger, reason="=cmd()")
    head, *lines = exported(auditor, event="account.disabled")
    assert head[0] == "流水号" and len(lines) == 1 and len(lines[0]) == len(head)
    assert lines[0][7] == "'=cmd()" and "停用账号" in lines[0]
    assert len(exported(auditor)) == AuditEvent.objects.count() + 1


# ── 校验与锚定 ──
def test_the_check_says_how_many_passed_and_is_recorded(auditor, world):
    cases.assigned(world)
    count = AuditEvent.objects.count()
    page = auditor.post(reverse("audit:check"), follow=True).content.decode()
    assert f"校验通过 {count:,} 条" in page
    event = AuditEvent.objects.get(event="audit.verified")
    assert event.data == {"events": count, "broken": None} and event.actor == world.auditor


def test_the_check_names_the_first_break(auditor, world, monkeypatch):
    case, _ = cases.assigned(world)
    broken = verify.Break(f"suggestion:{case.pk}", 3, "内容被改动")
    monkeypatch.setattr(views, "verify", lambda: (7, broken))
    page = auditor.post(reverse("audit:check"), follow=True).content.decode()
    assert f"suggestion:{case.pk} 第 3 条，内容被改动" in page and "校验通过" not in page


def test_the_daily_heads_are_listed(auditor, world):
    assert "还没有锚定" in auditor.get(reverse("audit:heads")).content.decode()
    cases.assigned(world)
    head = anchor(clock.today())
    page = auditor.get(reverse("audit:heads")).content.decode()
    assert head.root in page and f"{head.events:,}" in page and AuditHead.objects.count() == 1


# ── 读法 ──
def test_every_key_ever_recorded_has_a_chinese_name():
    """扫一遍源码：record、move、note 里写的每个键都有名称。"""
    keys = {key for path in _sources() for key in _recorded_keys(ast.parse(path.read_text("utf-8")))}
    columns = {field.name for model in apps.get_models() for field in model._meta.concrete_fields}
    assert len(keys) > 80 and sorted(keys - set(NAMES) - columns - {"changes"}) == []


def _sources():
    for folder in ("lianluo", "suggestions", "handlers", "supervision"):
        yield from (path for path in Path(settings.BASE_DIR, folder).rglob("*.py") if "migrations" not in path.parts)


def _recorded_keys(tree: ast.AST):
    own = {"actor", "target", "source", "target_state", "reason", "fields"}
    for node in ast.walk(tree):
        name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
        if isinstance(node, ast.Call) and name in ("record", "move", "note"):
            yield from (word.arg for word in node.keywords if word.arg and word.arg not in own)


def test_every_event_of_a_whole_case_reads_in_chinese(world):
    """走完一件，每条留痕的项名里没有一个英文键。"""
    handling.answered(world)
    for event in AuditEvent.objects.all():
        reading = read(event)
        assert not re.search(r"[a-z]_[a-z]|^[a-z]+$", reading.kind)
        english = [line.label for line in reading.lines if line.label.isascii()]
        assert english == [], (event.event, english)
