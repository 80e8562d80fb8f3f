"""代表与单位留言：谁能留、七日时钟、提醒一次、别人 404（CZ-21）。"""
from datetime import timedelta

import pytest
from django.urls import reverse

from handlers import serving_reminders, threads
from handlers.actions import liaising, messaging
from handlers.models import DeputyMessage, Division, Duty, Post, Rank
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Forbidden
from lianluo.web import badges
from lianluo.workdays import clock
from tests.handlers import handling
from tests.world import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
TODAY = clock.today()


@pytest.fixture
def case(world):
    return handling.allotted(handling.handed_to(world), world.water).suggestion


def written(world, text="山塘清淤什么时候开始", *, days_ago=0, deputy=None) -> DeputyMessage:
    deputy = deputy or world.lead_deputy
    return messaging.send_message(
        world.water.unit, deputy, text=text, actor=deputy.account, today=TODAY - timedelta(days=days_ago)
    )


def answered(world, text="下月开工", actor=None) -> DeputyMessage:
    return messaging.send_message(
        world.water.unit, world.lead_deputy, text=text, actor=actor or world.water.officer, today=TODAY
    )


def test_cz_21_the_deputy_writes_and_the_unit_answers_on_pages(world, client, case):
    client.force_login(world.lead_deputy.account)
    assert "湖南省水利厅" in client.get(reverse("deputy:messages")).content.decode()
    mine = reverse("deputy:thread", args=[world.water.unit.pk])
    assert client.post(mine, {"text": " "}).status_code == 422
    assert client.post(mine, {"text": "山塘清淤什么时候开始", "suggestion": case.pk}).status_code == 302
    message = DeputyMessage.objects.get()
    assert (message.from_deputy, message.suggestion, message.answer_by_on) == (True, case, TODAY + timedelta(days=7))
    client.force_login(world.water.officer)
    assert "山塘清淤什么时候开始" in client.get(reverse("handlers:messages")).content.decode()
    theirs = reverse("handlers:thread", args=[world.lead_deputy.pk])
    assert client.post(theirs, {"text": "下月开工"}).status_code == 302
    message.refresh_from_db()
    assert message.answered_at is not None
    client.force_login(world.lead_deputy.account)
    page = client.get(mine).content.decode()
    assert "下月开工" in page and "综合处 省水利厅科员" in page
    assert Notice.objects.filter(kind="message.sent", recipient=world.lead_deputy.account).count() == 1


def test_cz_21_no_answer_in_seven_days_reminds_the_liaison_once(world, case):
    late, fresh = written(world, days_ago=8), written(world, "另一个问题", days_ago=7)
    assert (late.answer_by_on, fresh.answer_by_on) == (TODAY - timedelta(days=1), TODAY)
    assert serving_reminders.write(TODAY) == 1
    assert serving_reminders.write(TODAY) == 0
    notice = Notice.objects.get(kind="message.unanswered")
    assert (notice.recipient, notice.about) == (world.water.liaison, f"message:{late.pk}")
    assert serving_reminders.write(TODAY + timedelta(days=1)) == 1, "第二条到期，另一条提醒"


def test_cz_21_an_answer_stops_the_clock_and_settles_the_reminder(world, case):
    """反证：回应了就不提醒；提醒过的销去。"""
    written(world, days_ago=9)
    answered(world)
    assert serving_reminders.write(TODAY) == 0
    written(world, "又问", days_ago=9)
    assert serving_reminders.write(TODAY) == 1
    answered(world, "又答")
    assert not Notice.objects.filter(kind="message.unanswered", done_at__isnull=True).exists()


def test_cz_21_late_ones_come_first_and_are_red_and_the_badge_counts(world, client, case):
    handling.allotted(
        handling.handed_to(world, title="关于山塘清淤的建议", lead_deputy=world.other_deputy), world.water
    )
    written(world, deputy=world.other_deputy)
    written(world, days_ago=10)
    client.force_login(world.water.liaison)
    page = client.get(reverse("handlers:messages"))
    assert [(one.other, late) for one, late in page.context["lines"]] == [
        (world.lead_deputy, True), (world.other_deputy, False),
    ]
    assert page.content.decode().count("is-wrong") == 1 and "逾期 3 天" in page.content.decode()
    assert badges.counts(world.water.liaison)["messages"] == 2
    assert "messages" not in {key for key, count in badges.counts(world.transport.liaison).items() if count}


def test_cz_21_the_unit_may_write_first_and_owes_nothing(world, client, case):
    client.force_login(world.water.liaison)
    url = reverse("handlers:thread", args=[world.lead_deputy.pk])
    assert client.post(url, {"text": "想上门听意见"}).status_code == 302
    message = DeputyMessage.objects.get()
    assert (message.from_deputy, message.answer_by_on) == (False, None)
    assert serving_reminders.write(TODAY + timedelta(days=30)) == 0
    assert not threads.owed(world.water.liaison).exists()


def test_cz_21_other_deputies_and_units_get_404(world, client, case):
    written(world)
    client.force_login(world.other_deputy.account)
    assert client.get(reverse("deputy:thread", args=[world.water.unit.pk])).status_code == 404
    for user in (world.transport.liaison, world.publicity.officer):
        client.force_login(user)
        assert client.get(reverse("handlers:thread", args=[world.lead_deputy.pk])).status_code == 404
    for user in (world.clerk, world.stranger, world.lead_deputy.account):
        client.force_login(user)
        assert client.get(reverse("handlers:thread", args=[world.lead_deputy.pk])).status_code == 403
    with pytest.raises(Forbidden):
        messaging.send_message(
            world.transport.unit, world.lead_deputy, text="插话", actor=world.transport.liaison, today=TODAY
        )
    with pytest.raises(Forbidden):
        answered(world, actor=world.clerk)


def test_cz_21_another_room_of_the_unit_sees_nothing_until_it_is_concerned(world, client, case):
    room = Division.objects.create(unit=world.water.unit, name="人事处")
    user = make_user("slt-rs", "人事处长")
    Post.objects.create(
        unit=world.water.unit, division=room, account=user, name=user.name, duty=Duty.DIVISION_HEAD,
        rank=Rank.DIVISION, valid_from=handling.ASSIGNED,
    )
    written(world)
    client.force_login(user)
    url = reverse("handlers:thread", args=[world.lead_deputy.pk])
    assert client.get(url).status_code == 404
    assert "山塘清淤" not in client.get(reverse("handlers:messages")).content.decode()
    liaising.appoint_counterpart(
        room, person=liaising.Person(name="人事处长"), deputies=[world.lead_deputy], from_on=TODAY,
        actor=world.water.liaison, today=TODAY,
    )
    assert client.get(url).status_code == 200, "对口联系了就看得到"


def test_a_paired_unit_can_be_written_to_without_a_case(world, client):
    client.force_login(world.lead_deputy.account)
    url = reverse("deputy:thread", args=[world.transport.unit.pk])
    assert client.get(url).status_code == 404
    liaising.appoint_counterpart(
        world.transport.division, person=liaising.Person(name="周敏"), delegations=[world.changsha], from_on=TODAY,
        actor=world.transport.liaison, today=TODAY,
    )
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": "问一件事"}).status_code == 302


def test_a_case_that_is_not_between_them_is_refused(world, case):
    other = handling.registered(world, title="关于另一件事的建议")
    with pytest.raises(DomainError, match="选的件不是这名代表提"):
        messaging.send_message(
            world.water.unit, world.lead_deputy, text="问", suggestion=other, actor=world.lead_deputy.account,
            today=TODAY,
        )
