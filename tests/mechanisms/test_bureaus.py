"""厅地联动：市州局协助沟通，回填结果，不代替厅里要求的沟通（JT-07）。"""
from datetime import date, timedelta

import pytest
from django.urls import reverse

from handlers.actions import bureaus, sheeting
from handlers.models import Activity, Duty, Post, PostArea, Rank, ResultClass
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from tests.handlers import handling
from tests.handlers.handling import MET, TODAY, WRITTEN
from tests.mechanisms import planned
from tests.mechanisms.switching import codes_lacking, switch_on
from tests.world import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


def asked(world, case, **more):
    values = {"body": "长沙市水利局", "text": "请上门听取代表意见", "due_on": MET + timedelta(days=7), **more}
    return bureaus.ask_bureau(case, actor=world.water.officer, today=MET, **values)


def local(world):
    """长沙市水利局登记了账号的协助人。"""
    post = Post.objects.create(
        unit=world.water.unit, account=make_user("cs-slj", "长沙市水利局"), name="长沙市水利局", duty=Duty.LOCAL_BUREAU,
        rank=Rank.BUREAU, valid_from=date(2020, 1, 1),
    )
    PostArea.objects.create(post=post, delegation=world.changsha)
    return post


def test_jt_07_the_bureau_of_the_deputys_prefecture_is_offered_and_the_answer_is_kept(world):
    case = planned.in_hand(world)
    assert bureaus.bureau_of(case) == "长沙市水利局"
    step = asked(world, case)
    with pytest.raises(DomainError, match="不能早于请协助之日"):
        bureaus.enter_receipt(
            step, text="已上门", happened_on=MET - timedelta(days=1), actor=world.water.liaison, today=WRITTEN
        )
    bureaus.enter_receipt(step, text="代表同意分期清淤", happened_on=WRITTEN, actor=world.water.liaison, today=WRITTEN)
    found, = bureaus.tasks_of(case)
    assert (found.status, found.done_on, found.records.get().text) == ("done", WRITTEN, "代表同意分期清淤")
    with pytest.raises(NotAllowed):
        bureaus.enter_receipt(step, text="再填一次", happened_on=WRITTEN, actor=world.water.liaison, today=WRITTEN)


def test_jt_07_the_bureaus_help_never_stands_for_the_departments_own_talk(world):
    switch_on(world.water.unit, "JT-02", "JT-05")
    case = planned.in_hand(world)
    sheeting.save_sheet(
        case, data={"intended_class": ResultClass.objects.get(code="C")}, actor=world.water.officer, today=WRITTEN
    )
    post = local(world)
    step = asked(world, case)
    bureaus.enter_receipt(step, text="局长上门解释", happened_on=WRITTEN, actor=post.account, today=WRITTEN)
    assert codes_lacking(case, "submit", WRITTEN) == {"JT-05"}
    assert not Activity.objects.exists()
    handling.contacted(case, world.water, members=[world.water.posts["director"]])
    assert codes_lacking(case, "submit", WRITTEN) == set()


def test_jt_07_the_bureau_answers_with_its_own_account_and_sees_nothing_else(world, client):
    post = local(world)
    case = planned.in_hand(world)
    step = asked(world, case)
    assert step.person == post
    client.force_login(post.account)
    assert client.get(reverse("home"))["Location"] == reverse("handlers:bureau_tasks")
    assert "请上门听取代表意见" in client.get(reverse("handlers:bureau_tasks")).content.decode()
    url = reverse("handlers:bureau_receipt", args=[step.pk])
    assert client.post(url, {"text": "", "happened_on": str(TODAY), "form_token": "a" * 24}).status_code == 422
    answer = client.post(url, {"text": "已上门", "happened_on": str(TODAY), "form_token": "b" * 24})
    assert answer["Location"] == reverse("handlers:bureau_tasks")
    assert client.get(case.suggestion.get_absolute_url()).status_code == 404
    assert client.get(reverse("handlers:sheet", args=[case.pk])).status_code == 404


def test_jt_07_another_units_people_neither_ask_nor_answer(world, client):
    lead, helper = handling.lead_and_helper(world)
    step = asked(world, lead)
    with pytest.raises(Forbidden):
        bureaus.ask_bureau(
            lead, body="长沙市交通运输局", text="协助", due_on=TODAY, actor=world.transport.officer, today=MET
        )
    with pytest.raises(Forbidden):
        bureaus.enter_receipt(step, text="办了", happened_on=MET, actor=world.transport.officer, today=WRITTEN)
    client.force_login(world.publicity.liaison)
    for name, pk in (("bureaus", lead.pk), ("bureau_receipt", step.pk)):
        assert client.get(reverse(f"handlers:{name}", args=[pk])).status_code == 404


def test_jt_07_asked_and_shown_on_the_cases_own_sheet(world, client):
    case = planned.in_hand(world)
    client.force_login(world.water.officer)
    url = reverse("handlers:bureaus", args=[case.pk])
    form = client.get(url).context["form"]
    assert form.initial["body"] == "长沙市水利局"
    data = {"body": "长沙市水利局", "text": "请上门听取意见", "due_on": str(TODAY + timedelta(days=5))}
    assert client.post(url, data | {"text": "", "form_token": "a" * 24}).status_code == 422
    assert client.post(url, data | {"form_token": "b" * 24}).status_code == 302
    text = client.get(reverse("handlers:sheet", args=[case.pk])).content.decode()
    assert "长沙市水利局" in text and "请上门听取意见" in text
