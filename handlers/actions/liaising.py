"""责任人员：处室联络员的任命与交接、服务代表工作领导小组、对口联系人（CZ-05、CZ-13、CZ-14）。

交接是一步：新人任职之日就是前任离任之日，前任的一行留作历史。
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from suggestions.models import Delegation, Deputy

from ..access import may_in_unit
from ..counterparts import taken_by_others
from ..models import Division, Duty, Post, PostArea, Rank, Unit

#: 服务代表工作领导小组的职责；办公室由单位联络员担任
SERVICE_DUTIES = (Duty.SERVICE_HEAD, Duty.SERVICE_DEPUTY, Duty.SERVICE_MEMBER)


@dataclass(frozen=True)
class Person:
    """任命谁：本单位现有的人（``post``），或者写下姓名、职务、电话。"""

    post: Post | None = None
    name: str = ""
    title: str = ""
    phone: str = ""

    def fields(self) -> dict:
        """新任职上的姓名、职务、电话、职级、账号。"""
        known = self.post
        return {
            "name": known.name if known else self.name.strip(),
            "title": self.title.strip() or (known.title if known else ""),
            "phone": self.phone.strip() or (known.phone if known else ""),
            "rank": known.rank if known else Rank.STAFF, "account": known.account if known else None,
        }

    def is_same_as(self, other: Post) -> bool:
        """与现任是不是同一个人。"""
        if self.post is not None and self.post.account_id is not None:
            return self.post.account_id == other.account_id
        return self.fields()["name"] == other.name


@transaction.atomic
def appoint_liaison(division: Division, *, person: Person, from_on: date, actor, today: date) -> Post:
    """任命处室联络员；已有在任的就是交接。每个处室同一时间恰好一名。"""
    unit = _locked_unit(division.unit, actor)
    _check(unit, person, from_on, today)
    if division.valid_to is not None and division.valid_to <= today:
        raise NotAllowed(f"{division.name}已经撤并，不再任命联络员")
    before = _incumbent(unit, Duty.ROOM_LIAISON, division)
    _hand_over(before, person, from_on)
    return _appoint("post.liaison_appointed", unit, Duty.ROOM_LIAISON, person, from_on, actor, division, before)


@transaction.atomic
def appoint_service(
    unit: Unit, *, duty: str, person: Person, from_on: date, actor, today: date, division: Division | None = None
) -> Post:
    """任命服务代表工作领导小组的组长、副组长、成员；组长只有一名，任命新组长即交接。"""
    unit = _locked_unit(unit, actor)
    if duty not in SERVICE_DUTIES:
        raise DomainError("选择组长、副组长或成员", field="duty")
    _check(unit, person, from_on, today)
    if division is not None and division.unit_id != unit.pk:
        raise DomainError("处室从本单位里选", field="division")
    before = _incumbent(unit, duty) if duty == Duty.SERVICE_HEAD else None
    _hand_over(before, person, from_on)
    others = Post.objects.filter(unit=unit, duty__in=SERVICE_DUTIES, valid_to__isnull=True)
    if any(person.is_same_as(one) for one in others if one != before):
        raise DomainError(f"{person.fields()['name']}已经在服务代表工作领导小组里", field="person")
    return _appoint("post.service_appointed", unit, duty, person, from_on, actor, division, before)


@transaction.atomic
def appoint_counterpart(
    division: Division, *, person: Person, delegations: Sequence[Delegation] = (), deputies: Sequence[Deputy] = (),
    from_on: date, actor, today: date,
) -> Post:
    """定一名对口联系人和他联系的代表团、单独指定的代表；别的处室联系着的不能再要。"""
    unit = _locked_unit(division.unit, actor)
    _check(unit, person, from_on, today)
    _check_areas(unit, None, delegations, deputies, today)
    post = _appoint("post.counterpart_appointed", unit, Duty.COUNTERPART, person, from_on, actor, division, None)
    _write_areas(post, delegations, deputies)
    return post


@transaction.atomic
def change_areas(
    post: Post, *, delegations: Sequence[Delegation], deputies: Sequence[Deputy] = (), actor, today: date
) -> Post:
    """改对口联系的范围。"""
    unit = _locked_unit(post.unit, actor)
    post = _in_office(post, Duty.COUNTERPART)
    _check_areas(unit, post, delegations, deputies, today)
    before = [str(area) for area in post.areas.all()]
    post.areas.all().delete()
    _write_areas(post, delegations, deputies)
    record("post.areas_changed", actor=actor, target=post, old=before, new=_names(delegations, deputies))
    return post


@transaction.atomic
def replace_counterpart(post: Post, *, person: Person, from_on: date, actor, today: date) -> Post:
    """对口联系人换人：处室与范围照旧，前任留作历史。"""
    unit = _locked_unit(post.unit, actor)
    post = _in_office(post, Duty.COUNTERPART)
    _check(unit, person, from_on, today)
    _hand_over(post, person, from_on)
    new = _appoint(
        "post.counterpart_appointed", unit, Duty.COUNTERPART, person, from_on, actor, post.division, post
    )
    PostArea.objects.bulk_create(
        PostArea(post=new, delegation_id=area.delegation_id, deputy_id=area.deputy_id) for area in post.areas.all()
    )
    return new


@transaction.atomic
def end_post(post: Post, *, on: date, actor, today: date) -> Post:
    """离任：处室联络员、领导小组成员、对口联系人不再担任，暂时没有人接。"""
    _locked_unit(post.unit, actor)
    post = _in_office(post, Duty.ROOM_LIAISON, Duty.COUNTERPART, *SERVICE_DUTIES)
    if not post.valid_from < on <= today:
        raise DomainError(f"离任日期在任职之日 {post.valid_from} 以后、不晚于今天", field="on")
    post.valid_to = on
    post.save(update_fields=["valid_to"])
    record("post.ended", actor=actor, target=post, on=on, duty=post.get_duty_display())
    return post


def _locked_unit(unit: Unit, actor) -> Unit:
    """锁住单位一行，同一单位的任命一个一个来；``actor`` 为空是初次设置。"""
    if actor is not None and not may_in_unit(actor, unit.pk, "appoint"):
        raise Forbidden("由本单位的联络员、分管领导或主要负责人定责任人员")
    return Unit.objects.select_for_update().get(pk=unit.pk)


def _check(unit: Unit, person: Person, from_on: date, today: date) -> None:
    if not person.fields()["name"]:
        raise DomainError("从本单位的人里选一名，或者写下姓名", field="person")
    if person.post is not None and person.post.unit_id != unit.pk:
        raise DomainError(f"{person.post.name}不在本单位任职", field="person")
    if from_on > today:
        raise DomainError("任职日期不能晚于今天", field="from_on")


def _incumbent(unit: Unit, duty: str, division: Division | None = None) -> Post | None:
    rows = Post.objects.filter(unit=unit, duty=duty, valid_to__isnull=True)
    return rows.filter(division=division).first() if division else rows.first()


def _hand_over(before: Post | None, person: Person, from_on: date) -> None:
    """前任当天离任。"""
    if before is None:
        return
    if person.is_same_as(before):
        raise DomainError(f"现任就是{before.name}", field="person")
    if from_on <= before.valid_from:
        raise DomainError(f"交接日期要在{before.name}任职之日 {before.valid_from} 以后", field="from_on")
    before.valid_to = from_on
    before.save(update_fields=["valid_to"])


def _appoint(
    event: str, unit: Unit, duty: str, person: Person, from_on: date, actor, division: Division | None,
    before: Post | None,
) -> Post:
    post = Post.objects.create(unit=unit, division=division, duty=duty, valid_from=from_on, **person.fields())
    record(
        event, actor=actor, target=post, duty=post.get_duty_display(), division=division.name if division else "",
        took_over_from=before.name if before else "", from_on=from_on,
    )
    return post


def _in_office(post: Post, *duties: str) -> Post:
    post = Post.objects.select_related("unit", "division").get(pk=post.pk)
    if post.duty not in duties:
        raise DomainError(f"{post.get_duty_display()}不在这里定")
    if post.valid_to is not None:
        raise NotAllowed(f"{post.name}已于 {post.valid_to} 离任")
    return post


# ── 联系范围 ──
def _check_areas(
    unit: Unit, post: Post | None, delegations: Sequence[Delegation], deputies: Sequence[Deputy], today: date
) -> None:
    """一个代表团、一名单独指定的代表，在一个单位里只归一处。"""
    if not delegations and not deputies:
        raise DomainError("至少选一个代表团，或者写一名代表", field="delegations")
    if any(one.congress_id != unit.congress_id for one in (*delegations, *deputies)):
        raise DomainError("代表团和代表从本级人大里选", field="delegations")
    teams, named = taken_by_others(unit, post, today)
    for one, taken, field in (
        *((team, teams, "delegations") for team in delegations), *((deputy, named, "deputies") for deputy in deputies)
    ):
        if one.pk in taken:
            other = taken[one.pk]
            where = f"{other.division}的" if other.division_id else ""
            raise DomainError(f"{one}已由{where}{other.name}对口联系", field=field)


def _write_areas(post: Post, delegations: Sequence[Delegation], deputies: Sequence[Deputy]) -> None:
    PostArea.objects.bulk_create([
        *(PostArea(post=post, delegation=one) for one in dict.fromkeys(delegations)),
        *(PostArea(post=post, deputy=one) for one in dict.fromkeys(deputies)),
    ])


def _names(delegations: Sequence[Delegation], deputies: Sequence[Deputy]) -> list[str]:
    return [str(one) for one in (*delegations, *deputies)]
