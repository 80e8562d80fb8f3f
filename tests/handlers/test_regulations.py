"""制度库：入库、按环节和字句查、出新版、谁能写（CZ-01）。"""
from datetime import timedelta

import pytest
from django.urls import reverse

from handlers.actions import regulating
from handlers.models import Regulation
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from lianluo.workdays import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
TODAY = clock.today()
BEFORE = TODAY - timedelta(days=300)


def added(
    world, title="代表建议办理工作规定", stages=("reply", "allot"), text="处长为主要责任人。", **more
) -> Regulation:
    values = {"in_force_on": BEFORE, "document_number": "湘水办〔2018〕3号", **more}
    return regulating.add_regulation(
        world.water.unit, title=title, text=text, stages=stages, actor=world.water.liaison, today=TODAY, **values
    )


def titles(client, **query) -> set[str]:
    page = client.get(reverse("handlers:regulations"), query)
    return {row.title for row in page.context["page"]}


def test_cz_01_three_regulations_are_found_by_stage(world, client):
    added(world)
    added(world, "加强与代表沟通联系工作的意见", ("contact",), "处级以上领导直接沟通。")
    added(world, "服务代表工作规则", ("serve",), "联合调研、集中走访。")
    client.force_login(world.transport.officer)
    assert len(titles(client)) == 3
    assert titles(client, stage="contact") == {"加强与代表沟通联系工作的意见"}
    assert titles(client, stage="reply") == titles(client, stage="allot") == {"代表建议办理工作规定"}
    assert titles(client, stage="assess") == set()
    assert titles(client, q="集中走访") == {"服务代表工作规则"}
    assert titles(client, q="《服务代表工作规则》") == {"服务代表工作规则"}
    assert len(titles(client, unit=world.water.unit.pk)) == 3


def test_cz_01_a_new_version_ends_the_old_one_and_keeps_it(world, client):
    old = added(world)
    client.force_login(world.water.liaison)
    url = reverse("handlers:regulation_revise", args=[old.pk])
    answer = client.post(url, {
        "document_number": "湘水办〔2026〕9号", "in_force_on": str(TODAY), "stages": ["reply"],
        "text": "处长亲自撰稿。",
    })
    new = Regulation.objects.get(version=2)
    assert answer.status_code == 302 and answer["Location"] == reverse("handlers:regulation", args=[new.pk])
    old.refresh_from_db()
    assert (old.ended_on, new.replaces, new.title, new.stages) == (TODAY, old, old.title, ["reply"])
    assert [row.version for row in client.get(reverse("handlers:regulations")).context["page"]] == [2]
    shown = client.get(reverse("handlers:regulations"), {"ended": "yes"}).context["page"]
    assert {row.version for row in shown} == {1, 2}
    page = client.get(reverse("handlers:regulation", args=[old.pk])).content.decode()
    assert "处长为主要责任人。" in page and "这是旧版" in page and "已废止" in page


def test_an_old_version_cannot_be_revised_again(world):
    old = added(world)
    values = {"text": "新", "stages": ["reply"], "actor": world.water.head, "today": TODAY}
    with pytest.raises(DomainError, match="生效日期要在旧版生效之日"):
        regulating.revise_regulation(old, in_force_on=BEFORE, **values)
    regulating.revise_regulation(old, in_force_on=TODAY, **values)
    with pytest.raises(NotAllowed, match="已有新版"):
        regulating.revise_regulation(old, in_force_on=TODAY + timedelta(days=1), **values)


def test_the_same_title_twice_is_refused(world):
    added(world)
    with pytest.raises(DomainError, match="已在制度库里"):
        added(world, "《代表建议办理工作规定》")
    with pytest.raises(DomainError, match="适用的环节"):
        added(world, "另一项", stages=())


def test_only_the_units_liaison_and_leaders_write(world, client):
    row = added(world)
    assert AuditEvent.objects.filter(event="regulation.added").count() == 1
    with pytest.raises(Forbidden):
        regulating.add_regulation(
            world.water.unit, title="外人写的", text="字", stages=["reply"], in_force_on=TODAY,
            actor=world.transport.liaison, today=TODAY,
        )
    revise, new = reverse("handlers:regulation_revise", args=[row.pk]), reverse("handlers:regulation_new")
    for user, statuses in (
        (world.water.leader, (200, 200)), (world.water.officer, (403, 403)), (world.transport.liaison, (403, 200)),
        (world.clerk, (403, 403)), (world.stranger, (403, 403)),
    ):
        client.force_login(user)
        assert (client.get(revise).status_code, client.get(new).status_code) == statuses


def test_everyone_in_units_and_offices_reads_and_nobody_else(world, client):
    url = reverse("handlers:regulation", args=[added(world).pk])
    for user, status in (
        (world.transport.officer, 200), (world.clerk, 200), (world.gov, 200), (world.committee, 200),
        (world.lead_deputy.account, 403), (world.stranger, 403), (world.sysadmin, 403),
    ):
        client.force_login(user)
        assert client.get(url).status_code == status


def test_what_was_typed_stays_when_something_is_missing(world, client):
    client.force_login(world.water.liaison)
    answer = client.post(reverse("handlers:regulation_new"), {
        "title": "服务代表工作规则", "text": "联合调研", "in_force_on": str(TODAY),
    })
    page = answer.content.decode()
    assert answer.status_code == 422 and "联合调研" in page and "适用环节" in page
