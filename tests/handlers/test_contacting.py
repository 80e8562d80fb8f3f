"""沟通：三个阶段，一次活动多件多人，见面由方式定，补录有标记，更正有留痕。"""
from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from handlers.actions.contacting import correct_activity, log_activity, stage_now
from handlers.models import Activity, AssignmentDue
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from suggestions.models import Attachment
from tests.handlers.handling import (
    ACCEPTED,
    ASSIGNED,
    MET,
    TODAY,
    allotted,
    contacted,
    drafted,
    handed_to,
    helper_of,
    lead_and_helper,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@pytest.fixture
def assignment(world):
    return allotted(handed_to(world), world.water)


@pytest.mark.parametrize(("kind", "met"), [
    ("phone", False), ("message", False), ("email", False), ("letter", False), ("online", False),
    ("visit", True), ("talk", True), ("on_site", True), ("inspection", True), ("by_the_way", True),
])
def test_face_to_face_follows_from_the_means(world, assignment, kind, met):
    assert contacted(assignment, world.water, kind=kind).face_to_face is met


def test_the_first_contact_meets_its_due_date(world, assignment):
    due = AssignmentDue.objects.get(assignment=assignment, rule_code="first_contact_days")
    assert due.met_on is None
    contacted(assignment, world.water)
    due.refresh_from_db()
    assert due.met_on == MET
    contacted(assignment, world.water, on=MET + timedelta(days=3))
    due.refresh_from_db()
    assert due.met_on == MET  # 第二次沟通不改首次的日子


def test_recorded_more_than_seven_days_later_is_marked(world, assignment):
    assert contacted(assignment, world.water, today=MET + timedelta(days=7)).backfilled is False
    assert contacted(assignment, world.water, today=MET + timedelta(days=8)).backfilled is True


def test_people_are_frozen_as_they_were(world, assignment):
    activity = contacted(assignment, world.water)
    post = world.water.posts["officer"]
    post.title, post.rank = "处长", 30
    post.save()
    member = activity.members.get()
    assert (member.title, member.rank, member.duty) == ("科员", 10, "officer")


def test_one_talk_counts_once_for_each_case_and_each_deputy(world, assignment):
    other = allotted(handed_to(world, title="关于山塘清淤的建议", lead_deputy=world.other_deputy), world.water)
    activity = log_activity(
        unit=world.water.unit, assignments=[assignment, other], kind="talk", stage="before", happened_on=MET,
        members=[world.water.posts["leader"], world.water.posts["officer"]],
        deputies=[world.lead_deputy, world.other_deputy], content="共同座谈", actor=world.water.officer, today=MET,
    )
    assert activity.cases.count() == 2 and activity.deputies.count() == 2
    assert AuditEvent.objects.filter(event="activity.logged").count() == 2
    chains = set(AuditEvent.objects.filter(event="activity.logged").values_list("chain", flat=True))
    assert chains == {f"suggestion:{assignment.suggestion_id}", f"suggestion:{other.suggestion_id}"}


@pytest.mark.parametrize(("change", "field"), [
    ({"content": " "}, "content"), ({"members": []}, "members"), ({"deputies": []}, "deputies"),
    ({"happened_on": MET, "today": MET - timedelta(days=1)}, "happened_on"),
    ({"happened_on": ASSIGNED - timedelta(days=1)}, "happened_on"),
])
def test_what_is_missing_or_impossible_is_refused_at_its_field(world, assignment, change, field):
    with pytest.raises(DomainError) as error:
        contacted(assignment, world.water, **change)
    assert error.value.field == field
    assert not Activity.objects.exists()


def test_strangers_are_refused_on_both_sides(world, assignment):
    with pytest.raises(DomainError, match="不是所选各件的代表"):
        contacted(assignment, world.water, deputies=[world.other_deputy])
    with pytest.raises(DomainError, match="不在本单位任职"):
        contacted(assignment, world.water, members=[world.transport.posts["officer"]])
    with pytest.raises(Forbidden):
        contacted(assignment, world.transport)


def test_co_signers_can_be_met_too(world):
    assignment = allotted(handed_to(world, cosigners=[world.cosigner]), world.water)
    assert contacted(assignment, world.water, deputies=[world.cosigner]).deputies.get().deputy == world.cosigner


def test_nothing_is_logged_before_the_unit_accepts(world):
    assignment = handed_to(world, accept=False)
    with pytest.raises(NotAllowed, match="签收以后"):
        contacted(assignment, world.water)
    assert contacted(handed_to(world, title="另一件"), world.water, on=ACCEPTED).pk


def test_an_assisting_unit_may_visit_together(world):
    _, helper = lead_and_helper(world)
    assert contacted(helper, world.transport).unit == world.transport.unit


def test_the_stage_follows_the_work(world, assignment):
    assert stage_now(assignment) == "before"
    contacted(assignment, world.water)
    drafted(assignment, world.water)
    assert stage_now(assignment) == "during"
    reply = submitted(world, title="另一件")
    assert stage_now(reply.assignment) == "during"
    assert stage_now(signed(reply).assignment) == "after"


def test_a_correction_keeps_the_old_words_in_the_audit(world, assignment):
    activity = contacted(assignment, world.water)
    correct_activity(activity, content="更正后的内容", reason="写错了", actor=world.water.officer, today=MET)
    activity.refresh_from_db()
    assert activity.content == "更正后的内容"
    event = AuditEvent.objects.get(event="activity.corrected")
    assert event.data["old"] == {"content": "听取代表对支流治理的意见"} and event.reason == "写错了"


def test_changing_the_means_changes_whether_it_was_face_to_face(world, assignment):
    activity = contacted(assignment, world.water)
    assert correct_activity(
        activity, kind="phone", reason="其实是电话", actor=world.water.officer, today=MET
    ).face_to_face is False


def test_who_may_correct(world, assignment):
    activity = contacted(assignment, world.water)
    for actor in (world.water.director, world.transport.liaison, world.clerk):
        with pytest.raises(Forbidden):
            correct_activity(activity, content="改", reason="改", actor=actor, today=MET)
    assert correct_activity(activity, content="办公室改", reason="改", actor=world.water.liaison, today=MET)
    with pytest.raises(DomainError, match="填写更正的理由"):
        correct_activity(activity, content="再改", reason=" ", actor=world.water.officer, today=MET)
    with pytest.raises(DomainError, match="另记一次"):
        correct_activity(activity, unit=world.transport.unit, reason="改", actor=world.water.officer, today=MET)


def test_the_page_logs_a_visit_with_a_photo_in_six_fields(world, assignment, client, var_dir):
    client.force_login(world.water.officer)
    url = reverse("handlers:activity_new", args=[assignment.pk])
    form = client.get(url).context["form"]
    assert len(form.first()) == 6
    assert form.initial["deputies"] == [world.lead_deputy.pk]
    response = client.post(url, {
        "happened_on": TODAY.isoformat(), "kind": "visit", "members": [world.water.posts["officer"].pk],
        "deputies": [world.lead_deputy.pk], "content": "现场看了三处山塘", "stage": "before",
        "photos": SimpleUploadedFile("现场.pdf", PDF, "application/pdf"),
    })
    activity = Activity.objects.get()
    assert response.status_code == 302 and response["Location"] == activity.get_absolute_url()
    assert Attachment.objects.get().about == f"activity:{activity.pk}"
    page = client.get(activity.get_absolute_url()).content.decode()
    assert "现场看了三处山塘" in page and "现场.pdf" in page and "见面" in page
    assert "这次沟通已记下" in page


def test_a_file_that_is_refused_is_named_at_its_own_field(world, assignment, client):
    """一次传几份，说得出是哪一份不收；话写在传文件的那一项旁边。"""
    client.force_login(world.water.officer)
    response = client.post(reverse("handlers:activity_new", args=[assignment.pk]), {
        "happened_on": TODAY.isoformat(), "kind": "visit", "members": [world.water.posts["officer"].pk],
        "deputies": [world.lead_deputy.pk], "content": "现场看了三处山塘", "stage": "before",
        "photos": [SimpleUploadedFile("现场.pdf", PDF), SimpleUploadedFile("程序.exe", b"MZ12345")],
    })
    [said] = response.context["form"].errors["photos"]
    assert response.status_code == 422 and said.startswith("程序.exe：不收这种文件")
    assert not Activity.objects.exists()


def test_choosing_other_cases_lists_their_deputies_without_losing_the_text(world, assignment, client):
    other = allotted(handed_to(world, title="关于山塘清淤的建议", lead_deputy=world.other_deputy), world.water)
    client.force_login(world.water.officer)
    response = client.post(reverse("handlers:activity_new", args=[assignment.pk]), {
        "do": "people", "content": "写到一半", "others": [other.pk], "kind": "talk",
    })
    page = response.content.decode()
    assert response.status_code == 200 and "写到一半" in page and world.other_deputy.name in page
    assert "需要修改" not in page and not Activity.objects.exists()


def test_cases_of_another_room_are_neither_listed_nor_chosen(world, assignment, client):
    """处室的人只看分到本处室的件：别的处室的件不列，填它的号也选不上，它的代表也不出现。"""
    other = handed_to(world, title="关于山塘清淤的建议", lead_deputy=world.other_deputy)
    url, choice = reverse("handlers:activity_new", args=[assignment.pk]), {"do": "people", "others": [other.pk]}
    client.force_login(world.water.officer)
    page = client.post(url, choice).content.decode()
    assert "山塘清淤" not in page and world.other_deputy.name not in page
    data = {
        "happened_on": TODAY.isoformat(), "kind": "phone", "members": [world.water.posts["officer"].pk],
        "deputies": [world.lead_deputy.pk], "content": "电话沟通", "stage": "before", "others": [other.pk],
    }
    assert client.post(url, data).status_code == 422 and not Activity.objects.exists()
    client.force_login(world.water.liaison)  # 反证：看得到全单位的人选得上
    assert world.other_deputy.name in client.post(url, choice).content.decode()


def test_a_double_click_logs_once(world, assignment, client):
    client.force_login(world.water.officer)
    data = {
        "happened_on": TODAY.isoformat(), "kind": "phone", "members": [world.water.posts["officer"].pk],
        "deputies": [world.lead_deputy.pk], "content": "电话沟通", "stage": "before", "form_token": "t" * 24,
    }
    url = reverse("handlers:activity_new", args=[assignment.pk])
    assert client.post(url, data)["Location"] == client.post(url, data)["Location"]
    assert Activity.objects.count() == 1


def test_the_list_shows_only_what_one_may_see(world, assignment, client):
    activity = contacted(assignment, world.water)
    for user, seen in ((world.clerk, True), (world.water.officer, True), (world.transport.liaison, False)):
        client.force_login(user)
        assert (activity in client.get(reverse("handlers:activities")).context["page"].items) is seen, user
        status = client.get(activity.get_absolute_url()).status_code
        assert status == (200 if seen else 404), user


def test_the_list_is_searched_by_number_and_words(world, assignment, client):
    activity = contacted(assignment, world.water)
    client.force_login(world.clerk)
    url = reverse("handlers:activities")
    number = assignment.suggestion.shown_number
    for query in (f"q={number}", "q=支流治理", "kind=visit", "face=True", "stage=before"):
        assert activity in client.get(f"{url}?{query}").context["page"].items, query
    for query in ("q=没有这回事", "kind=phone", "face=False"):
        assert activity not in client.get(f"{url}?{query}").context["page"].items, query


def test_the_pages_of_correcting(world, assignment, client):
    activity = contacted(assignment, world.water)
    url = reverse("handlers:activity_edit", args=[activity.pk])
    client.force_login(world.water.director)
    assert client.get(url).status_code == 403
    client.force_login(world.water.officer)
    form = client.get(url).context["form"]
    data = {name: form.initial.get(name, "") for name in form.fields} | {"content": "更正", "reason": "笔误"}
    assert "已更正" in client.post(url, data, follow=True).content.decode()
    activity.refresh_from_db()
    assert activity.content == "更正"


def test_only_the_units_own_people_log(world, client):
    lead, _ = lead_and_helper(world)
    url = reverse("handlers:activity_new", args=[lead.pk])
    for user, status in ((world.water.officer, 200), (world.transport.officer, 403), (world.clerk, 403),
                         (world.stranger, 404)):
        client.force_login(user)
        assert client.get(url).status_code == status, user
    assert helper_of(lead)
