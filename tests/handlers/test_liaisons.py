"""责任人员：处室联络员与交接、服务代表工作领导小组、对口联系与覆盖（CZ-05、CZ-13 至 CZ-15）。"""
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from handlers import counterparts, serving
from handlers.access import posts_of
from handlers.actions import liaising
from handlers.actions.liaising import Person
from handlers.models import Assignment, Division, Duty, Post, PostArea, Rank
from lianluo.accounts.models import User
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from lianluo.workdays import clock
from tests.handlers import handling
from tests.world import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
TODAY = clock.today()
BEFORE = TODAY - timedelta(days=200)
LATER = TODAY - timedelta(days=20)


def appointed(world, name="林秋", on=BEFORE, division=None) -> Post:
    return liaising.appoint_liaison(
        division or world.water.division, person=Person(name=name, title="主任科员", phone="0731-82210009"), from_on=on,
        actor=world.water.liaison, today=TODAY,
    )


def paired(world, division, *delegations, deputies=(), name="周敏", on=BEFORE) -> Post:
    return liaising.appoint_counterpart(
        division, person=Person(name=name, phone="0731-82210008"), delegations=delegations, deputies=deputies,
        from_on=on, actor=world.water.liaison, today=TODAY,
    )


def second_room(world, name="农水处") -> Division:
    return Division.objects.create(unit=world.water.unit, name=name, position=5)


# ── CZ-05 处室联络员 ──
def test_cz_05_handing_over_ends_the_old_post_and_keeps_it(world):
    old = appointed(world)
    new = appointed(world, "何晓", LATER)
    old.refresh_from_db()
    assert (old.valid_to, new.valid_from, new.valid_to) == (LATER, LATER, None)
    room = next(one for one in serving.rooms(world.water.unit, TODAY) if one.division == world.water.division)
    assert (room.now, room.former) == (new, [old])
    assert AuditEvent.objects.filter(event="post.liaison_appointed").latest("id").data["took_over_from"] == "林秋"


def test_cz_05_a_second_valid_liaison_is_refused_by_the_database(world):
    old = appointed(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(
            unit=old.unit, division=old.division, name="第二人", duty=Duty.ROOM_LIAISON, rank=Rank.STAFF,
            valid_from=TODAY,
        )
    old.valid_to = LATER  # 反证：前任离任以后就放得进去
    old.save()
    Post.objects.create(
        unit=old.unit, division=old.division, name="第二人", duty=Duty.ROOM_LIAISON, rank=Rank.STAFF, valid_from=LATER
    )


def test_cz_05_vacant_rooms_are_a_warning_with_a_link(world, client):
    room = second_room(world)
    appointed(world)
    client.force_login(world.water.liaison)
    url, link = reverse("handlers:unit_people"), reverse("handlers:room_liaison", args=[room.pk])
    page = client.get(url).content.decode()
    assert "1 个处室没有联络员" in page and f'href="{link}"' in page
    answer = client.post(link, {"name": "何晓", "from_on": str(TODAY)})
    assert answer.status_code == 302
    assert "个处室没有联络员" not in client.get(url).content.decode()


def test_cz_05_the_page_says_what_is_wrong_and_keeps_what_was_typed(world, client):
    appointed(world, on=LATER)
    client.force_login(world.water.liaison)
    url = reverse("handlers:room_liaison", args=[world.water.division.pk])
    answer = client.post(url, {"name": "何晓", "phone": "0731-82210009", "from_on": str(BEFORE)})
    text = answer.content.decode()
    assert answer.status_code == 422 and "交接日期要在林秋任职之日" in text and 'value="何晓"' in text
    answer = client.post(url, {"name": "林秋", "from_on": str(TODAY)})
    assert answer.status_code == 422 and "现任就是林秋" in answer.content.decode()
    assert client.post(url, {"from_on": str(TODAY)}).status_code == 422
    with pytest.raises(DomainError, match="不能晚于今天"):
        appointed(world, "何晓", TODAY + timedelta(days=1))


def test_only_the_unit_itself_appoints(world, client):
    with pytest.raises(Forbidden):
        liaising.appoint_liaison(
            world.water.division, person=Person(name="外人"), from_on=TODAY, actor=world.transport.liaison, today=TODAY
        )
    url = reverse("handlers:room_liaison", args=[world.water.division.pk])
    for user, status in ((world.water.officer, 403), (world.transport.liaison, 404), (world.stranger, 403)):
        client.force_login(user)
        assert client.get(url).status_code == status


def test_cz_05_a_room_liaison_sees_and_works_on_the_rooms_cases_only(world, client):
    """处室联络员按承办人看分到本处室的件，能沟通；别的处室的件看不到。"""
    other = second_room(world)
    mine = handling.allotted(handling.handed_to(world), world.water)
    theirs = handling.handed_to(world, title="关于山塘清淤的建议")
    user = make_user("slt-lxr", "处室联络员")
    post = Post.objects.create(
        unit=world.water.unit, division=world.water.division, account=user, name=user.name, duty=Duty.ROOM_LIAISON,
        rank=Rank.STAFF, valid_from=BEFORE,
    )
    assert list(Assignment.objects.visible_to(user)) == [mine] and theirs.pk
    client.force_login(user)
    assert client.get(reverse("handlers:activity_new", args=[mine.pk])).status_code == 200
    assert client.get(reverse("handlers:activity_new", args=[theirs.pk])).status_code == 404
    post.division = other  # 反证：换了处室就看不到了
    post.save()
    assert not Assignment.objects.visible_to(User.objects.get(pk=user.pk)).exists()


def test_people_with_two_jobs_are_listed_once(world):
    officer = world.water.posts["officer"]
    liaising.appoint_liaison(
        world.water.division, person=Person(post=officer), from_on=BEFORE, actor=world.water.liaison, today=TODAY
    )
    liaising.appoint_service(
        world.water.unit, duty=Duty.SERVICE_MEMBER, person=Person(post=officer), from_on=BEFORE,
        actor=world.water.liaison, today=TODAY,
    )
    staff = Post.objects.staff(TODAY).filter(unit=world.water.unit)
    assert [post.name for post in staff].count(officer.name) == 1
    assert appointed(world, on=TODAY) in staff.all(), "只当处室联络员的也列得出"


# ── CZ-13 领导小组 ──
def test_cz_13_one_head_deputies_members_and_the_office(world, client):
    client.force_login(world.water.liaison)
    url = reverse("handlers:service_post")
    posts = world.water.posts
    for duty, key in (("service_head", "head"), ("service_deputy", "leader"), ("service_member", "director")):
        answer = client.post(url, {"duty": duty, "person": posts[key].pk, "from_on": str(BEFORE)})
        assert answer.status_code == 302
    group = dict(serving.service_group(world.water.unit, TODAY))
    assert [[post.name for post in group[label]] for label in ("组长", "副组长", "成员", "办公室")] == [
        [posts["head"].name], [posts["leader"].name], [posts["director"].name], [posts["liaison"].name],
    ]
    again = client.post(url, {"duty": "service_member", "person": posts["leader"].pk, "from_on": str(TODAY)})
    assert again.status_code == 422 and "已经在服务代表工作领导小组里" in again.content.decode()


def test_cz_13_a_new_head_takes_over_and_a_second_is_impossible(world):
    def head(name, on):
        return liaising.appoint_service(
            world.water.unit, duty=Duty.SERVICE_HEAD, person=Person(name=name), from_on=on,
            actor=world.water.head, today=TODAY,
        )

    old, new = head("刘厅", BEFORE), head("陈厅", LATER)
    old.refresh_from_db()
    assert old.valid_to == LATER and dict(serving.service_group(world.water.unit, TODAY))["组长"] == [new]
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(
            unit=world.water.unit, name="第二组长", duty=Duty.SERVICE_HEAD, rank=Rank.BUREAU, valid_from=TODAY
        )


def test_a_side_job_gives_no_rights_by_itself(world):
    user = make_user("slt-fuwu", "小组成员")
    Post.objects.create(
        unit=world.water.unit, division=world.water.division, account=user, name=user.name, duty=Duty.SERVICE_MEMBER,
        rank=Rank.STAFF, valid_from=BEFORE,
    )
    handling.allotted(handling.handed_to(world), world.water)
    assert posts_of(user) == [] and not Assignment.objects.visible_to(user).exists() and not user.roles


def test_leaving_ends_the_post_today_and_not_twice(world):
    post = liaising.end_post(appointed(world), on=TODAY, actor=world.water.liaison, today=TODAY)
    assert post.valid_to == TODAY and world.water.division in serving.vacant_rooms(world.water.unit, TODAY)
    with pytest.raises(NotAllowed):
        liaising.end_post(post, on=TODAY, actor=world.water.liaison, today=TODAY)


# ── CZ-14 对口联系 ──
def test_cz_14_every_deputy_has_exactly_one_division(world):
    other = second_room(world)
    paired(world, world.water.division, world.changsha)
    part = counterparts.coverage(world.water.unit, TODAY)
    assert (part.total, part.covered, {one.delegation for one in part.uncovered}) == (4, 2, {world.zhuzhou})
    paired(world, other, world.zhuzhou, name="吴迪")
    whole = counterparts.coverage(world.water.unit, TODAY)
    assert (whole.total, whole.covered, whole.uncovered, whole.twice) == (4, 4, [], [])


def test_cz_14_a_single_deputy_beats_the_delegation(world):
    other = second_room(world)
    paired(world, world.water.division, world.changsha)
    named = paired(world, other, deputies=[world.lead_deputy], name="吴迪")
    pairing = counterparts.Pairing(world.water.unit, TODAY)
    assert pairing.post_for(world.lead_deputy) == named
    assert pairing.post_for(world.cosigner).division == world.water.division
    assert counterparts.coverage(world.water.unit, TODAY).twice == []
    assert set(type(world.lead_deputy).objects.filter(counterparts.paired_with([other.pk], TODAY))) == {
        world.lead_deputy
    }
    assert world.lead_deputy not in type(world.lead_deputy).objects.filter(
        counterparts.paired_with([world.water.division.pk], TODAY)
    )


def test_cz_14_two_divisions_claiming_the_same_are_refused_in_a_sentence(world, client):
    other = second_room(world)
    paired(world, world.water.division, world.changsha, deputies=[world.other_deputy])
    with pytest.raises(DomainError, match="长沙代表团已由综合处的周敏对口联系"):
        paired(world, other, world.changsha, name="吴迪")
    with pytest.raises(DomainError, match="刘岚已由综合处的周敏对口联系"):
        paired(world, other, deputies=[world.other_deputy], name="吴迪")
    client.force_login(world.water.liaison)
    answer = client.post(reverse("handlers:counterpart_new"), {
        "division": other.pk, "name": "吴迪", "delegations": [world.changsha.pk], "from_on": str(TODAY),
    })
    assert answer.status_code == 422 and "长沙代表团已由综合处的周敏对口联系" in answer.content.decode()


def test_cz_14_the_report_sees_a_double_claim_put_in_by_hand(world):
    """反证：绕过动作写进两处，报表说得出是谁。"""
    paired(world, world.water.division, world.changsha)
    post = paired(world, second_room(world), world.zhuzhou, name="吴迪")
    PostArea.objects.create(post=post, delegation=world.changsha)
    found = counterparts.coverage(world.water.unit, TODAY)
    assert found.covered == 2 and {deputy for deputy, _ in found.twice} == {world.lead_deputy, world.cosigner}


def test_cz_14_replacing_the_person_keeps_the_areas_and_the_history(world, client):
    old = paired(world, world.water.division, world.changsha)
    client.force_login(world.water.liaison)
    url = reverse("handlers:counterpart_replace", args=[old.pk])
    answer = client.post(url, {"name": "吴迪", "from_on": str(LATER)})
    assert answer.status_code == 302
    old.refresh_from_db()
    new = counterparts.Pairing(world.water.unit, TODAY).post_for(world.lead_deputy)
    assert (old.valid_to, new.name, new.division) == (LATER, "吴迪", world.water.division)
    page = client.get(reverse("handlers:counterparts")).content.decode()
    assert "2 / 4" in page and "周敏" in page and "株洲代表团" in page


def test_cz_14_changing_the_areas_frees_what_is_left_out(world, client):
    post = paired(world, world.water.division, world.changsha)
    client.force_login(world.water.liaison)
    url = reverse("handlers:counterpart", args=[post.pk])
    assert client.post(url, {"delegations": []}).status_code == 422
    answer = client.post(url, {"delegations": [world.zhuzhou.pk], "deputies": "黄岳若（长沙代表团）"})
    assert answer.status_code == 302
    assert {str(area) for area in post.areas.all()} == {"株洲代表团", "黄岳若"}
    paired(world, second_room(world), world.changsha, name="吴迪")


def test_former_deputies_are_not_counted(world):
    world.other_deputy.served_to = TODAY
    world.other_deputy.save()
    assert counterparts.coverage(world.water.unit, TODAY).total == 3


# ── CZ-15 代表看得到谁联系他 ──
def test_cz_15_the_deputy_and_the_staff_see_the_counterpart(world, client):
    paired(world, world.water.division, world.changsha)
    client.force_login(world.lead_deputy.account)
    page = client.get(reverse("deputy:home")).content.decode()
    assert "周敏" in page and "综合处" in page and "0731-82210008" in page
    client.force_login(world.clerk)
    url = reverse("handlers:served_deputy", args=[world.lead_deputy.pk])
    page = client.get(url).content.decode()
    assert "周敏" in page and "省水利厅" in page and "0731-82210008" in page
    client.force_login(world.other_deputy.account)  # 反证：别的代表团的看不到
    assert "周敏" not in client.get(reverse("deputy:home")).content.decode()


def test_the_day_of_the_hand_over_belongs_to_the_new_person(world):
    old, new = appointed(world, on=date(2026, 1, 5)), appointed(world, "何晓", date(2026, 3, 2))
    valid = Post.objects.with_duty(Duty.ROOM_LIAISON)
    assert list(valid.valid(date(2026, 3, 1))) == [old] and list(valid.valid(date(2026, 3, 2))) == [new]
