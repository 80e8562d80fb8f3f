"""省科学技术厅：主题活动、会议、领导工作台、困难、责任矩阵（KJ-01、KJ-02、KJ-04、KJ-06、KJ-10）。"""
from datetime import date, timedelta

import pytest
from django.urls import reverse

from handlers import responsibility
from handlers.actions import convening, field_planning, tagging
from handlers.models import Activity, CampaignTag, Duty, Post, Rank
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from supervision.actions import difficulties, progress, signing_off
from supervision.models import LedgerEntry
from supervision.reconciling import differences
from supervision.workbench import leading
from tests.handlers import handling
from tests.handlers.handling import ACCEPTED, MET, TODAY, WRITTEN
from tests.mechanisms import planned
from tests.world import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


def page(client, account, url: str) -> str:
    client.force_login(account)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# ── 主题活动（KJ-01） ──
def tagged(world, *assignments) -> CampaignTag:
    tag = tagging.make_tag(world.water.unit, name="“两学一做”学习教育", actor=world.water.liaison, today=WRITTEN)
    tagging.tag_assignments(tag, assignments, actor=world.water.liaison, today=WRITTEN)
    return tag


def test_kj_01_filtering_by_the_tag_finds_the_tagged_case_and_no_other(world, client):
    case = planned.in_hand(world)
    planned.in_hand(world, title="关于山塘清淤的建议")
    tag = tagged(world, case)
    text = page(client, world.water.liaison, f"{reverse('handlers:inbox')}?tab=all&tag={tag.pk}")
    assert "关于加强湘江支流治理的建议" in text and "关于山塘清淤的建议" not in text
    assert "“两学一做”学习教育" in page(client, world.water.liaison, reverse("handlers:inbox"))
    tagging.untag(tag, case, actor=world.water.liaison, today=WRITTEN)
    text = page(client, world.water.liaison, f"{reverse('handlers:inbox')}?tab=all&tag={tag.pk}")
    assert "关于加强湘江支流治理的建议" not in text


def test_kj_01_tagging_twice_counts_once_and_every_case_has_its_trace(world):
    case = planned.in_hand(world)
    tag = tagged(world, case)
    assert tagging.tag_assignments(tag, [case], actor=world.water.liaison, today=WRITTEN) == 0
    assert tag.assignments.count() == 1
    assert AuditEvent.objects.filter(event="tag.added", target_id=case.pk).count() == 1


def test_kj_01_only_the_unit_tags_its_own_cases(world):
    case = planned.in_hand(world)
    tag = tagged(world, case)
    with pytest.raises(Forbidden):
        tagging.tag_assignments(tag, [case], actor=world.water.officer, today=WRITTEN)
    other = tagging.make_tag(world.transport.unit, name="作风建设", actor=world.transport.liaison, today=WRITTEN)
    with pytest.raises(DomainError, match="本单位的件"):
        tagging.tag_assignments(other, [case], actor=world.transport.liaison, today=WRITTEN)


def test_kj_01_the_whole_plan_is_tagged_from_the_page(world, client):
    case = planned.in_hand(world)
    planned.drafted(world, TODAY)
    client.force_login(world.water.liaison)
    made = client.post(reverse("handlers:tags"), {"name": "主题教育", "form_token": "a" * 24})
    tag = CampaignTag.objects.get()
    assert made["Location"] == reverse("handlers:tag", args=[tag.pk])
    assert client.post(made["Location"], {"form_token": "b" * 24}).status_code == 422
    assert client.post(made["Location"], {"whole_plan": "on", "form_token": "c" * 24}).status_code == 302
    assert list(tag.assignments.all()) == [case]
    client.post(made["Location"], {"remove": str(case.pk), "form_token": "d" * 24})
    assert not tag.assignments.exists()


# ── 会议研究（KJ-02） ──
def test_kj_02_a_meeting_keeps_its_agenda_its_resolution_and_its_cases(world, client):
    case = planned.in_hand(world)
    client.force_login(world.water.liaison)
    data = {
        "organ": "party_group", "happened_on": str(TODAY), "subject": "研究代表建议办理", "content": "分管领导各自包件",
        "assignments": [case.pk], "form_token": "a" * 24,
    }
    url = reverse("handlers:unit_meetings")
    assert client.post(url, data | {"content": ""}).status_code == 422
    assert client.post(url, data).status_code == 302
    meeting = Activity.objects.get()
    assert (meeting.matter, meeting.get_organ_display(), meeting.subject) == (
        "unit_meeting", "党组会", "研究代表建议办理"
    )
    assert [row.assignment for row in meeting.cases.all()] == [case]
    text = client.get(url).content.decode()
    assert "党组会 1 次" in text and "厅务会 0 次" in text and "分管领导各自包件" in text


def test_kj_02_a_meeting_is_no_contact_with_the_deputy(world):
    case = planned.in_hand(world)
    convening.hold_unit_meeting(
        world.water.unit, organ="executive", happened_on=WRITTEN, subject="研究", content="照办", assignments=[case],
        actor=world.water.liaison, today=WRITTEN,
    )
    assert not Activity.objects.contacts().exists()
    with pytest.raises(Forbidden):
        convening.hold_unit_meeting(
            world.water.unit, organ="special", happened_on=WRITTEN, subject="研究", content="照办",
            actor=world.water.officer, today=WRITTEN,
        )


def test_kj_02_a_room_reads_only_the_meetings_about_its_own_cases(world, client):
    case = planned.in_hand(world)
    for subject, cases in (("研究这一件", [case]), ("研究全部工作", [])):
        convening.hold_unit_meeting(
            world.water.unit, organ="executive", happened_on=WRITTEN, subject=subject, content="照办",
            assignments=cases, actor=world.water.liaison, today=WRITTEN,
        )
    assert "研究这一件" in page(client, world.water.officer, reverse("handlers:unit_meetings"))
    case.allotments.all().delete()
    text = page(client, world.water.officer, reverse("handlers:unit_meetings"))
    assert "研究这一件" not in text and "研究全部工作" in text


# ── 领导工作台三列（KJ-04） ──
def test_kj_04_the_heads_page_has_three_columns_and_each_case_stands_in_its_own(world, client):
    handling.handed_to(world, title="关于待分派的建议")
    case = planned.in_hand(world, title="关于有困难的建议")
    raised(world, case)
    reply = handling.submitted(world, title="关于待签的建议")
    while reply.approvals.filter(agreed__isnull=True).order_by("position").first().step != "head":
        reply = type(reply).objects.get(pk=handling.agree(reply).pk)
    deploy, coordinate, sign = leading.columns(world.water.head, TODAY)
    assert [column.label for column in (deploy, coordinate, sign)] == ["待部署", "待协调", "待把关"]
    assert [[line.title for line in column.lines] for column in (deploy, coordinate, sign)] == [
        ["关于待分派的建议"], ["缺少清淤船"], ["关于待签的建议"]
    ]
    assert [column.total for column in (deploy, coordinate, sign)] == [1, 1, 1]
    text = page(client, world.water.head, reverse("home"))
    assert reverse("handlers:reply_approve", args=[reply.pk]) in text
    assert all(words in text for words in ("待部署", "待协调", "待把关"))


def test_kj_04_a_plan_waits_for_the_head_until_it_is_approved(world):
    planned.in_hand(world)
    plan = field_planning.submit_plan(planned.drafted(world), actor=world.water.liaison, today=ACCEPTED)
    assert "方案待审定" in {label for label, number, _ in leading.columns(world.water.head, TODAY)[0].parts if number}
    field_planning.approve_plan(plan, actor=world.water.head, today=ACCEPTED)
    assert leading.columns(world.water.head, TODAY)[0].total == 0


def test_kj_04_the_officer_still_lands_in_the_inbox_and_another_unit_sees_nothing(world, client):
    raised(world, planned.in_hand(world))
    client.force_login(world.water.officer)
    assert client.get(reverse("home"))["Location"] == reverse("handlers:inbox")
    assert [column.total for column in leading.columns(world.publicity.head, TODAY)] == [0, 0, 0]


# ── 困难（KJ-06） ──
def raised(world, case, *, due_on: date | None = None, actor=None, today: date = MET) -> LedgerEntry:
    return difficulties.raise_difficulty(
        case, what="缺少清淤船", owner=world.water.posts["director"], due_on=due_on or today + timedelta(days=10),
        actor=actor or world.water.officer, today=today,
    )


def test_kj_06_an_overdue_difficulty_stands_on_the_leaders_page_and_a_settled_one_does_not(world, client):
    entry = raised(world, planned.in_hand(world))
    assert entry.due_on < TODAY
    for leader in (world.water.head, world.water.leader):
        assert "困难超期" in [label for label, number, _ in leading.columns(leader, TODAY)[1].parts if number]
    assert "缺少清淤船" in page(client, world.water.leader, reverse("home"))
    difficulties.settle(entry, result="从长沙调来两艘", actor=world.water.director, today=WRITTEN)
    assert leading.columns(world.water.head, TODAY)[1].total == 0
    assert differences() == []


def test_kj_06_the_one_who_raised_it_does_not_settle_it_alone(world):
    case = planned.in_hand(world)
    entry = raised(world, case, actor=world.water.director)
    with pytest.raises(Forbidden, match="提出的人不能自己了结"):
        difficulties.settle(entry, result="解决了", actor=world.water.director, today=WRITTEN)
    with pytest.raises(Forbidden):
        difficulties.settle(entry, result="解决了", actor=world.water.officer, today=WRITTEN)
    with pytest.raises(DomainError, match="写明怎样解决的"):
        difficulties.settle(entry, result=" ", actor=world.water.leader, today=WRITTEN)
    entry = difficulties.settle(entry, result="从长沙调来两艘", actor=world.water.leader, today=WRITTEN)
    assert (entry.status, entry.result, entry.signed_off_by) == ("signed_off", "从长沙调来两艘", world.water.leader)
    with pytest.raises(NotAllowed):
        difficulties.settle(entry, result="再来一次", actor=world.water.leader, today=WRITTEN)


def test_kj_06_the_owner_is_told_and_coordination_is_kept(world):
    entry = raised(world, planned.in_hand(world))
    assert Notice.objects.filter(kind="difficulty.raised", recipient=world.water.director).count() == 1
    difficulties.coordinate(entry, text="厅务会定从长沙调船", happened_on=MET, actor=world.water.liaison, today=WRITTEN)
    assert entry.progress.get().text == "厅务会定从长沙调船"
    with pytest.raises(DomainError, match="协调日期"):
        difficulties.coordinate(
            entry, text="记错了日子", happened_on=ACCEPTED, actor=world.water.liaison, today=WRITTEN
        )


def test_kj_06_a_difficulty_is_settled_inside_the_unit_not_struck_off_by_the_office(world):
    entry = raised(world, planned.in_hand(world))
    progress.add_progress(
        entry, text="调来一艘", figure="1/2 艘", happened_on=MET, actor=world.water.officer, today=WRITTEN
    )
    with pytest.raises(NotAllowed, match="在单位内部了结"):
        signing_off.apply_sign_off(entry, statement="办了", actor=world.water.liaison, today=WRITTEN)


def test_kj_06_raised_seen_and_settled_from_the_cases_own_pages(world, client):
    case = planned.in_hand(world)
    tab = f"{case.suggestion.get_absolute_url()}ledger/"
    new = reverse("supervision:difficulty_new", args=[case.pk])
    assert new in page(client, world.water.officer, tab)
    data = {"what": "缺少清淤船", "owner": world.water.posts["director"].pk, "form_token": "a" * 24}
    assert client.post(new, data).status_code == 422
    assert client.post(new, data | {"due_on": str(TODAY + timedelta(days=9))})["Location"] == tab
    entry = LedgerEntry.objects.get(kind="difficulty")
    assert "缺少清淤船" in client.get(tab).content.decode()
    listed = page(client, world.water.liaison, f"{reverse('supervision:ledger')}?state=owed&kind=difficulty")
    assert "缺少清淤船" in listed and "独办：" not in listed
    settle = reverse("supervision:difficulty_settle", args=[entry.pk])
    client.force_login(world.water.officer)
    assert client.get(settle).status_code == 403
    client.force_login(world.transport.liaison)
    assert client.get(settle).status_code == 404
    client.force_login(world.water.director)
    assert client.post(settle, {"result": "调来两艘", "form_token": "b" * 24}).status_code == 302
    entry.refresh_from_db()
    assert entry.result == "调来两艘"
    assert "调来两艘" in client.get(reverse("supervision:ledger_entry", args=[entry.pk])).content.decode()


# ── 责任矩阵（KJ-10） ──
def test_kj_10_the_matrix_adds_up_to_the_cases_and_each_number_opens_those_cases(world, client):
    second = Post.objects.create(
        unit=world.water.unit, account=make_user("slt-second", "副厅长乙"), name="副厅长乙", duty=Duty.DEPUTY_HEAD,
        rank=Rank.BUREAU, valid_from=date(2020, 1, 1),
    )
    planned.in_hand(world)
    planned.in_hand(world, title="关于山塘清淤的建议")
    handling.allotted(handling.handed_to(world, title="关于修渠道的建议"), world.water, responsible_leader=second)
    handling.handed_to(world, title="关于还没有分派的建议")
    found = responsibility.matrix(world.water.unit)
    assert found.total == sum(line.total for line in found.lines) == 4
    assert {line.name: line.total for line in found.lines} == {
        "省水利厅副厅长": 2, "副厅长乙": 1, "还没有定领导": 1
    }
    inbox = reverse("handlers:inbox")
    for line in found.lines:
        for room, number in line.cells:
            client.force_login(world.water.head)
            answer = client.get(f"{inbox}?tab=todo&leader={line.pk}&division={room}")
            assert answer.context["page"].total == number
    assert "还没有定领导" in page(client, world.water.head, reverse("handlers:responsibility"))


def test_kj_10_an_answered_case_is_nobodys_load_any_more(world):
    handling.answered(world)
    assert responsibility.matrix(world.water.unit).total == 0
