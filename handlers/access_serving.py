"""服务代表一段的可见范围：本单位的人看本单位的；留言只给联络员、领导，以及与这名代表有关的处室。

看不到的一律 404；看得到、不归此人办的 403。
"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from lianluo.accounts import visibility
from lianluo.workdays import clock
from suggestions.access import deputy_of
from suggestions.models import Deputy, Suggestion

from . import counterparts, deputy_desk
from .access import UNIT_WIDE, may_in_unit, posts_of, units_of
from .models import SERVICES, Activity, Assignment, DeputyMessage, Division, Post, Unit


def own_unit(user, capability: str = "") -> Unit:
    """此人代表哪个单位；没有单位的，或者没有这项能力的，403。"""
    unit = next(iter(units_of(user)), None)
    if unit is None or (capability and not may_in_unit(user, unit.pk, capability)):
        raise PermissionDenied("这项工作不归此账号办理")
    return unit


def rooms_of(user, unit_id: int) -> list[int] | None:
    """在这个单位只看得到哪几个处室的；看得到全单位的为 None。"""
    posts = [post for post in posts_of(user) if post.unit_id == unit_id]
    if any(post.duty in UNIT_WIDE for post in posts):
        return None
    return [post.division_id for post in posts if post.division_id]


# ── 服务活动 ──
def services_of(user) -> QuerySet[Activity]:
    """本单位的服务活动，全单位的人都看得到。"""
    return Activity.objects.filter(unit__in=units_of(user), matter__in=SERVICES).select_related("unit")


def access_service(user, pk: int, for_: str = "read") -> Activity:
    found = services_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这次服务活动，或者不是本单位的")
    if for_ != "read" and not may_in_unit(user, found.unit_id, for_):
        raise PermissionDenied("这项工作不归此账号办理")
    return found


# ── 责任人员 ──
def access_division(user, pk: int) -> Division:
    """本单位的一个处室，定人用；别家的 404，没有这项能力的 403。"""
    found = Division.objects.filter(pk=pk, unit__in=units_of(user)).select_related("unit").first()
    if found is None:
        raise Http404("没有这个处室，或者不是本单位的")
    if not may_in_unit(user, found.unit_id, "appoint"):
        raise PermissionDenied("由本单位的联络员、分管领导或主要负责人定责任人员")
    return found


def access_post(user, pk: int, *duties: str) -> Post:
    """本单位的一个任职，定人用。"""
    posts = Post.objects.filter(unit__in=units_of(user)).select_related("unit", "division")
    found = posts.filter(pk=pk, duty__in=duties).first()
    if found is None:
        raise Http404("没有这个任职，或者不是本单位的")
    if not may_in_unit(user, found.unit_id, "appoint"):
        raise PermissionDenied("由本单位的联络员、分管领导或主要负责人定责任人员")
    return found


# ── 留言 ──
def messages_for(user) -> Q | None:
    """留言：代表看自己的；联络员、领导看本单位的；处室的人看对口联系的代表的、说到本处室的件的。"""
    deputy = deputy_of(user)
    total = Q(deputy=deputy) if deputy is not None else None
    for unit in units_of(user):
        scope = Q(unit=unit)
        rooms = rooms_of(user, unit.pk)
        if rooms is not None:
            scope &= Q(deputy__in=_deputies_of_rooms(unit, rooms))
        total = scope if total is None else total | scope
    return total


def _deputies_of_rooms(unit: Unit, rooms: list[int]) -> QuerySet:
    """与这几个处室有关的代表：归它们对口联系，或者提的件分到了它们。"""
    cases = Assignment.objects.live().filter(unit=unit, allotments__division__in=rooms).values("suggestion")
    mine = Suggestion.objects.filter(Q(pk__in=cases) | Q(merged_into__in=cases))
    signed = Q(pk__in=mine.values("lead_deputy")) | Q(
        pk__in=mine.filter(cosigners__refused_at__isnull=True).values("cosigners__deputy")
    )
    return Deputy.objects.filter(counterparts.paired_with(rooms, clock.today()) | signed).order_by().values("pk")


def concerns(deputy: Deputy, unit: Unit, rooms: list[int]) -> bool:
    """这名代表与这几个处室有没有关系。"""
    return _deputies_of_rooms(unit, rooms).filter(pk=deputy.pk).exists()


def cases_between(deputy: Deputy, unit: Unit) -> QuerySet[Suggestion]:
    """这名代表领衔或联名、交给这个单位办的件。"""
    handled = Assignment.objects.live().filter(unit=unit).values("suggestion")
    return deputy_desk.own_cases(deputy).filter(Q(pk__in=handled) | Q(merged_into__in=handled))


def may_talk(deputy: Deputy, unit: Unit) -> bool:
    """这名代表与这个单位可以互相留言：办着他的件，或者对口联系他，或者已经有往来。"""
    if any(post.unit_id == unit.pk for post in counterparts.counterparts_of(deputy, clock.today())):
        return True
    return (
        DeputyMessage.objects.filter(deputy=deputy, unit=unit).exists() or cases_between(deputy, unit).exists()
    )


def access_thread(user, unit: Unit, deputy_pk: int) -> Deputy:
    """单位一侧的往来：无关的代表、别的处室的，404。"""
    deputy = Deputy.objects.filter(pk=deputy_pk, congress=unit.congress_id).select_related("delegation").first()
    rooms = rooms_of(user, unit.pk)
    if deputy is not None and rooms is not None:
        deputy = deputy if concerns(deputy, unit, rooms) else None
    if deputy is None or not may_talk(deputy, unit):
        raise Http404("没有与这名代表的往来，或者不归本处室")
    return deputy


def register() -> None:
    """启动时登记。"""
    visibility.register(DeputyMessage, messages_for)
