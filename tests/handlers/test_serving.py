"""服务活动：四种各计各的、一次多名代表、回执出席签收、提醒、导出、栏目（CZ-15 至 CZ-20）。"""
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from handlers import serving, serving_reminders
from handlers.actions import serving as actions
from handlers.models import Activity, Column, ColumnArticle, Matter
from handlers.tasks import remind_serving
from lianluo.celery import BEAT
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from lianluo.workdays import clock
from suggestions.models import Deputy
from tests.handlers import handling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
TODAY = clock.today()
SOON = TODAY + timedelta(days=2)
FAR = TODAY + timedelta(days=20)


def logged(world, matter=Matter.RESEARCH, *deputies: Deputy, on=TODAY, actor=None, **more) -> Activity:
    values = {
        "members": [world.water.posts["officer"]], "subject": "山塘管护联合调研", "place": "株洲市",
        "content": "看了三处山塘，形成调研报告", "kind": "phone" if matter == Matter.LIAISON else "", **more,
    }
    return actions.log_service(
        world.water.unit, matter=matter, happened_on=on, deputies=deputies or (world.lead_deputy,),
        actor=actor or world.water.officer, today=TODAY, **values,
    )


def invited(world, *deputies: Deputy, on=SOON) -> Activity:
    return logged(world, Matter.INVITATION, *deputies, on=on, subject="全省水利工作会议", content="")


def row_of(activity: Activity, deputy: Deputy):
    return activity.deputies.get(deputy=deputy)


def counted(world) -> dict[str, int]:
    return {str(one.matter): one.times for one in serving.figures(world.water.unit, TODAY.year)}


# ── 各计各的 ──
def test_cz_16_joint_research_is_counted_apart_with_its_results(world, client):
    activity = logged(world, Matter.RESEARCH, world.lead_deputy, world.other_deputy)
    assert counted(world) == {"research": 1, "group_visit": 0, "invitation": 0, "mailing": 0, "liaison": 0}
    client.force_login(world.water.officer)
    page = client.get(reverse("handlers:service", args=[activity.pk])).content.decode()
    assert "形成调研报告" in page and "刘岚" in page
    assert "山塘管护联合调研" in client.get(reverse("handlers:services")).content.decode()
    assert not Activity.objects.contacts().exists(), "服务活动不算办理中的沟通"


def test_cz_17_one_visit_counts_for_every_deputy_who_took_part(world, client):
    client.force_login(world.water.officer)
    answer = client.post(reverse("handlers:service_new") + "?matter=group_visit", {
        "subject": "走访株洲代表", "happened_on": str(TODAY), "members": [world.water.posts["officer"].pk],
        "deputies": "黄岳若", "delegations": [world.zhuzhou.pk], "content": "听取对山塘管护的意见",
    })
    assert answer.status_code == 302
    served = serving.served_times(world.water.unit, Deputy.objects.values_list("pk", flat=True))
    assert {pk: row["times"] for pk, row in served.items()} == {
        one.pk: 1 for one in (world.lead_deputy, world.other_deputy, world.rare_deputy)
    }
    assert counted(world)["group_visit"] == 1 and counted(world)["research"] == 0


def test_cz_17_the_list_of_deputies_says_who_was_never_served(world, client):
    logged(world, Matter.GROUP_VISIT, world.lead_deputy)
    logged(world, Matter.LIAISON, world.cosigner)
    client.force_login(world.water.liaison)
    page = client.get(reverse("handlers:served"), {"never": 1})
    names = {deputy.name for deputy, _, _ in page.context["lines"]}
    assert names == {"贺景", "刘岚", "王䶮"}, "日常联络不算服务过"
    only = client.get(reverse("handlers:served"), {"delegation": world.changsha.pk}).context["lines"]
    assert {deputy.name: (times or {}).get("times", 0) for deputy, _, times in only} == {"黄岳若": 1, "贺景": 0}


def test_cz_15_the_daily_log_is_listed_per_deputy(world, client):
    client.force_login(world.water.officer)
    answer = client.post(reverse("handlers:service_new") + "?matter=liaison", {
        "deputies": "黄岳若（长沙代表团）", "happened_on": str(TODAY), "kind": "phone",
        "members": [world.water.posts["officer"].pk], "content": "通报山塘清淤进度",
    })
    assert answer.status_code == 302
    url = reverse("handlers:served_deputy", args=[world.lead_deputy.pk])
    page = client.get(url).content.decode()
    assert "通报山塘清淤进度" in page and "日常联络 1 次" in page
    client.force_login(world.transport.officer)  # 别的单位看不到这家的日志
    assert "通报山塘清淤进度" not in client.get(url).content.decode()


# ── 邀请 ──
def test_cz_18_an_invitation_without_receipt_is_reminded_once(world):
    activity = invited(world, world.lead_deputy, world.other_deputy)
    actions.answer_invitation(
        row_of(activity, world.other_deputy), answer="coming", actor=world.other_deputy.account, today=TODAY
    )
    assert serving_reminders.write(TODAY) == 3  # 代表一条，联络员、登记人各一条
    assert serving_reminders.write(TODAY) == 0, "重跑不重复"
    asked = Notice.objects.get(kind="invitation.reminded")
    assert asked.recipient == world.lead_deputy.account and "全省水利工作会议" in asked.subject
    told = Notice.objects.filter(kind="invitation.unanswered")
    assert {one.recipient for one in told} == {world.water.liaison, world.water.officer}
    assert "黄岳若" in told[0].body and "刘岚" not in told[0].body


def test_cz_18_no_reminder_when_answered_or_still_far(world):
    """反证：离得远的、都回了的，一条也没有；回了执，催的那条销去。"""
    invited(world, world.lead_deputy, on=FAR)
    activity = invited(world, world.cosigner)
    assert serving_reminders.write(TODAY) == 3
    actions.answer_invitation(
        row_of(activity, world.cosigner), answer="not_coming", actor=world.water.officer, today=TODAY
    )
    assert not Notice.objects.filter(
        kind__in=("invitation.reminded", "invitation.unanswered"), done_at__isnull=True
    ).exists()
    assert not serving.unanswered(TODAY).exists()


def test_the_daily_task_is_in_the_timetable():
    assert "handlers.tasks.remind_serving" in {row.task for row in BEAT}


def test_the_task_writes_what_is_due(world):
    invited(world, world.lead_deputy)
    assert remind_serving() == 3 and remind_serving() == 0


def test_cz_18_the_deputy_answers_on_the_phone_and_may_change_it(world, client):
    activity = invited(world, world.lead_deputy)
    row = row_of(activity, world.lead_deputy)
    assert Notice.objects.filter(kind="invitation.sent", recipient=world.lead_deputy.account).count() == 1
    client.force_login(world.lead_deputy.account)
    assert "全省水利工作会议" in client.get(reverse("deputy:invitations")).content.decode()
    url = reverse("deputy:invitation", args=[row.pk])
    assert client.post(url, {}).status_code == 422
    for answer in ("coming", "not_coming"):
        assert client.post(url, {"answer": answer}).status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.answered_on) == ("not_coming", TODAY)
    client.force_login(world.other_deputy.account)
    assert client.get(url).status_code == 404


def test_cz_18_the_unit_enters_receipts_and_attendance_in_one_table(world, client):
    activity = invited(world, world.lead_deputy, world.other_deputy)
    one, two = row_of(activity, world.lead_deputy), row_of(activity, world.other_deputy)
    client.force_login(world.water.liaison)
    url = reverse("handlers:service", args=[activity.pk])
    assert client.post(url, {f"answer_{one.pk}": "coming", f"answer_{two.pk}": ""}).status_code == 302
    assert (serving.tally(activity).coming, serving.tally(activity).silent) == (1, 1)
    with pytest.raises(NotAllowed, match="到时再登记出席"):
        actions.mark_attendance(one, attended=True, actor=world.water.liaison, today=TODAY)
    Activity.objects.filter(pk=activity.pk).update(happened_on=TODAY - timedelta(days=1))
    assert client.post(url, {f"attended_{one.pk}": "on"}).status_code == 302
    assert serving.tally(activity).attended == 1
    served = serving.served_times(world.water.unit, [one.deputy_id, two.deputy_id])
    assert list(served) == [one.deputy_id], "请了没有到的不算服务过"
    with pytest.raises(NotAllowed, match="不再收回执"):
        actions.answer_invitation(two, answer="coming", actor=two.deputy.account, today=TODAY)


# ── 寄送 ──
def test_cz_19_mailing_goes_to_whole_delegations_and_receipt_is_ticked(world, client):
    client.force_login(world.water.officer)
    answer = client.post(reverse("handlers:service_new") + "?matter=mailing", {
        "subject": "2025 年水利公报", "happened_on": str(TODAY), "delegations": [world.changsha.pk, world.zhuzhou.pk],
    })
    activity = Activity.objects.get(matter=Matter.MAILING)
    assert answer["Location"] == reverse("handlers:service", args=[activity.pk])
    assert serving.tally(activity).invited == 4
    row = row_of(activity, world.rare_deputy)
    url = reverse("handlers:service", args=[activity.pk])
    assert client.post(url, {"received_on": str(TODAY), f"received_{row.pk}": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.received_on == TODAY and serving.tally(activity).received == 1
    assert client.post(url, {"received_on": str(TODAY)}).status_code == 302  # 登错了改回来
    row.refresh_from_db()
    assert row.received_on is None
    wrong = client.post(url, {"received_on": str(TODAY + timedelta(days=1)), f"received_{row.pk}": "on"})
    assert wrong.status_code == 422 and "签收日期" in wrong.content.decode()


def test_cz_19_all_deputies_of_a_division_at_once(world, client):
    from handlers.actions import liaising

    liaising.appoint_counterpart(
        world.water.division, person=liaising.Person(name="周敏"), delegations=[world.zhuzhou], from_on=TODAY,
        actor=world.water.liaison, today=TODAY,
    )
    client.force_login(world.water.officer)
    client.post(reverse("handlers:service_new") + "?matter=mailing", {
        "subject": "公报", "happened_on": str(TODAY), "divisions": [world.water.division.pk],
    })
    assert set(Activity.objects.get().deputies.values_list("deputy__name", flat=True)) == {"刘岚", "王䶮"}


# ── 规矩 ──
@pytest.mark.parametrize(("change", "sentence"), [
    ({"subject": ""}, "填写名称"), ({"members": []}, "选择本单位参加的人"), ({"on": FAR}, "不能晚于今天"),
])
def test_what_must_be_there(world, change, sentence):
    with pytest.raises(DomainError, match=sentence):
        logged(world, **change)


def test_a_case_is_optional_and_leaves_a_trace_on_it(world, client):
    assignment = handling.allotted(handling.handed_to(world), world.water)
    activity = logged(world, assignments=[assignment])
    client.force_login(world.water.officer)
    assert assignment.suggestion.title in client.get(reverse("handlers:service", args=[activity.pk])).content.decode()
    with pytest.raises(Forbidden):
        actions.log_service(
            world.transport.unit, matter=Matter.RESEARCH, happened_on=TODAY, deputies=[world.lead_deputy],
            members=[world.transport.posts["officer"]], subject="调研", content="情况", assignments=[assignment],
            actor=world.transport.officer, today=TODAY,
        )


def test_other_units_get_404_and_outsiders_403(world, client):
    url = reverse("handlers:service", args=[logged(world).pk])
    for user, status in (
        (world.transport.liaison, 404), (world.clerk, 403), (world.lead_deputy.account, 403), (world.stranger, 403),
    ):
        client.force_login(user)
        assert client.get(url).status_code == status
    with pytest.raises(Forbidden):
        logged(world, actor=world.transport.officer)


def test_pressing_twice_logs_once(world, client):
    client.force_login(world.water.officer)
    data = {
        "subject": "公报", "happened_on": str(TODAY), "deputies": "黄岳若", "form_token": "a" * 24,
    }
    url = reverse("handlers:service_new") + "?matter=mailing"
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert Activity.objects.count() == 1


def test_the_list_is_exported_as_filtered(world, client):
    logged(world)
    logged(world, Matter.GROUP_VISIT, world.other_deputy, subject="走访株洲代表")
    client.force_login(world.water.liaison)
    answer = client.get(reverse("handlers:services"), {"matter": "group_visit", "export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = [row for row in sheet.iter_rows(values_only=True) if "走访株洲代表" in row or "山塘管护联合调研" in row]
    assert len(rows) == 1 and "刘岚" in rows[0]


def test_the_lookup_shows_no_phone_and_no_certificate(world, client):
    client.force_login(world.water.officer)
    text = client.get(reverse("handlers:deputy_lookup"), {"q": "黄岳若"}).content.decode()
    assert client.get(reverse("handlers:deputy_lookup"), {"q": "HN140001"}).json() == []
    assert "HN140001" not in text and world.lead_deputy.phone not in text and text != "[]"


# ── 栏目 ──
def test_cz_20_an_article_is_linked_to_a_deputy_and_a_case(world, client):
    assignment = handling.allotted(handling.handed_to(world), world.water)
    client.force_login(world.water.liaison)
    made = client.post(reverse("handlers:column_new"), {"publication": "《湖南水利》", "name": "连心桥"})
    assert made.status_code == 302
    column = Column.objects.get()
    assert str(column) == "《湖南水利》“连心桥”"
    answer = client.post(reverse("handlers:article_new"), {
        "column": column.pk, "issue": "2026 年第 4 期", "title": "山塘怎么管", "by": "deputy", "deputy": "黄岳若",
        "suggestion": assignment.suggestion_id, "text": "山塘要有人管。", "published_on": str(TODAY),
    })
    article = ColumnArticle.objects.get()
    url = reverse("handlers:article", args=[article.pk])
    assert answer["Location"] == url and (article.by_deputy, article.deputy) == (True, world.lead_deputy)
    page, link = client.get(url).content.decode(), f'href="{assignment.suggestion.get_absolute_url()}"'
    assert "山塘要有人管。" in page and link in page
    assert "山塘怎么管" in client.get(reverse("handlers:columns")).content.decode()
    client.force_login(world.transport.officer)  # 看不到件的人，文章看得到，件不连过去
    page = client.get(url).content.decode()
    assert "山塘要有人管。" in page and link not in page and assignment.suggestion.title not in page


def test_cz_20_the_same_column_twice_and_an_unsigned_letter_are_refused(world):
    column = actions.add_column(
        world.water.unit, publication="湖南水利", name="连心桥", actor=world.water.liaison, today=TODAY
    )
    with pytest.raises(DomainError, match="同名的栏目"):
        actions.add_column(
            world.water.unit, publication="《湖南水利》", name="“连心桥”", actor=world.water.liaison, today=TODAY
        )
    with pytest.raises(DomainError, match="哪位代表"):
        actions.add_article(
            column, issue="第 4 期", title="来稿", text="字", published_on=TODAY, by_deputy=True,
            actor=world.water.officer, today=TODAY,
        )
