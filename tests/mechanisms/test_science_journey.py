"""省水利厅整套借鉴科技厅的做法（KJ），一件从签收走到送达，只经页面；每被拦一次，照说的办了就放行。"""
from datetime import timedelta

import pytest
from django.urls import reverse

from handlers.actions import adopting
from handlers.mechanisms import presets
from handlers.models import Activity, Assignment, Plan, Reply, ResultClass
from supervision.reconciling import differences
from tests.handlers import handling
from tests.handlers.handling import ASSIGNED, TODAY
from tests.handlers.test_replying import posted
from tests.mechanisms import planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


class Desk:
    """一台电脑：换人登录，交表，只认得出页面上的话。"""

    def __init__(self, client) -> None:
        self.client, self.number = client, 0

    def post(self, account, url: str, **data):
        self.number += 1
        self.client.force_login(account)
        return self.client.post(url, {**data, "form_token": f"journey-{self.number:016d}"})

    def done(self, account, url: str, **data):
        answer = self.post(account, url, **data)
        assert answer.status_code == 302, answer.content.decode()
        return answer

    def blocked(self, account, url: str, *words: str, **data) -> None:
        """拦住了：422，写明缺什么、出自哪一条。"""
        answer = self.post(account, url, **data)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert [word for word in words if word not in text] == []


@pytest.fixture
def assignment(world) -> Assignment:
    adopting.adopt_preset(world.water.unit, "KJ", valid_from=ASSIGNED, actor=None, today=ASSIGNED)
    return handling.handed_to(world, accept=False)


def test_kj_05_from_receipt_to_delivery_with_every_rule_of_the_office_switched_on(world, client, assignment):
    assert len(presets.codes_of("KJ")) >= 10
    cast, desk = world.water, Desk(client)
    desk.done(cast.liaison, reverse("handlers:accept"), pk=[assignment.pk])
    allot(desk, cast, assignment, planned.second_room(world))
    visit_blocked_until_the_plan_is_approved(desk, cast, assignment)
    visit_blocked_until_the_right_leader_leads(desk, cast, assignment)
    reply = drafted(desk, cast, assignment, client)
    submit_blocked_until_the_way_is_chosen(desk, cast, assignment, reply)
    signed_by_the_head(desk, cast, reply)
    delivered(desk, cast, reply)
    assert Assignment.objects.get(pk=assignment.pk).status == "answered"
    assert differences() == []


def allot(desk, cast, assignment, second) -> None:
    url = reverse("handlers:allot", args=[assignment.pk])
    desk.done(
        cast.liaison, url, lead_division=cast.division.pk, officer=cast.posts["officer"].pk,
        assist_divisions=[second.pk], responsible_leader=cast.posts["leader"].pk,
        inner_due_on=str(assignment.due_on - timedelta(days=5)), quality_goal="当面沟通", task_note="摸清支流底数",
    )


def visit(assignment, cast, leader: str, **more) -> dict:
    return {
        "happened_on": str(TODAY), "kind": "on_site", "members": [cast.posts["leader"].pk], "stage": "before",
        "deputies": [assignment.suggestion.lead_deputy_id], "content": "到支流入河口看了三处排污口",
        "leader": cast.posts[leader].pk, **more,
    }


def visit_blocked_until_the_plan_is_approved(desk, cast, assignment) -> None:
    """第一次拦：方案还没有审定（KJ-07）；第二次拦：编的人自己审定不了。"""
    url = reverse("handlers:activity_new", args=[assignment.pk])
    desk.blocked(cast.officer, url, "还没有列入审定的现场办理工作方案", **visit(assignment, cast, "leader"))
    page = desk.done(cast.liaison, reverse("handlers:field_plans"))["Location"]
    desk.done(cast.liaison, page, do="submit")
    assert desk.post(cast.liaison, page, do="approve").status_code == 403
    desk.blocked(cast.officer, url, "还没有列入审定的现场办理工作方案", **visit(assignment, cast, "leader"))
    desk.done(cast.head, page, do="approve", note="同意")
    desk.done(cast.liaison, page, do="issue")
    assert Plan.objects.get().status == "issued"


def visit_blocked_until_the_right_leader_leads(desk, cast, assignment) -> None:
    """处长带队，没有写理由，拦住（KJ-05）；分管领导带队就记下。"""
    url = reverse("handlers:activity_new", args=[assignment.pk])
    desk.blocked(cast.officer, url, "带队", "代为带队的理由", **visit(assignment, cast, "director"))
    assert not Activity.objects.exists()
    desk.done(cast.officer, url, **visit(assignment, cast, "leader"))


def drafted(desk, cast, assignment, client) -> Reply:
    url = reverse("handlers:reply_edit", args=[assignment.pk])
    client.force_login(cast.officer)
    items = {}
    for one in assignment.suggestion.requests.all():
        items |= {f"item-{one.pk}-adoption": "full", f"item-{one.pk}-text": "已经办理，资金已下达。"}
    data = posted(
        client.get(url), do="submit", result_class=ResultClass.objects.get(code="A").pk, publication="full",
        contact_name="李工", contact_phone="0731-82210001", **items,
    )
    desk.done(cast.officer, url, **{name: value for name, value in data.items() if name != "form_token"})
    return Reply.objects.get()


def submit_blocked_until_the_way_is_chosen(desk, cast, assignment, reply) -> None:
    """没有按四种情形定办理方式，送审拦住（KJ-11）；改用别的方式要写理由。"""
    submit = reverse("handlers:reply_submit", args=[reply.pk])
    desk.blocked(cast.officer, submit, "填写是否涉及具体单位或地区", "KJ-11")
    sheet = reverse("handlers:sheet_edit", args=[assignment.pk])
    described = {"involves_place": "yes", "place_named": "浏阳河", "single_issue": "no"}
    desk.blocked(cast.officer, sheet, "推荐现场调研", way="visit", **described)
    desk.done(cast.officer, sheet, way="on_site", **described)
    desk.done(cast.officer, submit)


def signed_by_the_head(desk, cast, reply) -> None:
    """处室、办公室、分管领导依次审，厅长本人签发（KJ-04）。"""
    url = reverse("handlers:reply_approve", args=[reply.pk])
    for key in ("director", "liaison", "leader", "head"):
        version = Reply.objects.get(pk=reply.pk).version
        desk.done(getattr(cast, key), url, version=version, do="agree")
    reply.refresh_from_db()
    assert reply.status == "signed"
    assert reply.approvals.order_by("-position").first().decided_by == cast.head


def delivered(desk, cast, reply) -> None:
    rows = {}
    for one in reply.deliveries.all():
        rows |= {f"means_{one.pk}": "by_hand", f"delivered_on_{one.pk}": str(TODAY)}
    desk.done(cast.liaison, reverse("handlers:deliver", args=[reply.pk]), do="confirm", **rows)


def test_kj_05_the_same_way_is_open_at_once_where_nothing_is_switched_on(world, client):
    """反证：没有借鉴的单位，处长带队、没有方案、没有定方式，都不拦。"""
    cast, desk = world.water, Desk(client)
    assignment = handling.handed_to(world, accept=False)
    desk.done(cast.liaison, reverse("handlers:accept"), pk=[assignment.pk])
    allot(desk, cast, assignment, planned.second_room(world))
    url = reverse("handlers:activity_new", args=[assignment.pk])
    desk.done(cast.officer, url, **visit(assignment, cast, "director"))
    reply = drafted(desk, cast, assignment, client)
    desk.done(cast.officer, reverse("handlers:reply_submit", args=[reply.pk]))
