"""可见范围：各层的条件相加；没有登记、没有登录就什么也看不见。"""
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from lianluo.accounts import visibility
from lianluo.accounts.visibility import register, visible
from lianluo.congresses.models import Congress


@pytest.fixture
def three(monkeypatch):
    """三级人大，登记表清空。"""
    from collections import defaultdict

    monkeypatch.setattr(visibility, "_conditions", defaultdict(list))
    for name in ("湖南省", "长沙市", "岳麓区"):
        Congress.objects.create(name=f"{name}人大", short=name, tier="city")
    return Congress.objects.all()


def names(queryset) -> set[str]:
    return set(queryset.values_list("short", flat=True))


def test_conditions_of_all_floors_are_added(three, liu):
    register(Congress, lambda user: Q(short="湖南省"))
    register(Congress, lambda user: Q(short="长沙市") if user.username == "liu" else None)
    assert names(visible(three, liu)) == {"湖南省", "长沙市"}


def test_without_any_condition_nothing_is_visible(three, liu):
    assert names(visible(three, liu)) == set()


def test_none_adds_nothing(three, liu):
    register(Congress, lambda user: None)
    assert names(visible(three, liu)) == set()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_everything_stays_everything_beside_a_narrower_condition(three, liu, order):
    conditions = [lambda user: Q(), lambda user: Q(short="长沙市")]
    for index in order:
        register(Congress, conditions[index])
    assert len(names(visible(three, liu))) == 3


def test_strangers_and_disabled_people_see_nothing_even_where_all_is_open(three, liu):
    register(Congress, lambda user: Q())
    assert names(visible(three, liu)) and not names(visible(three, AnonymousUser()))
    liu.is_active = False
    assert not names(visible(three, liu))


def test_an_earlier_filter_is_kept(three, liu):
    register(Congress, lambda user: Q())
    assert names(visible(three.filter(short="长沙市"), liu)) == {"长沙市"}


def test_registering_twice_asks_once(three, liu):
    asked = []

    def condition(user):
        asked.append(user)
        return Q(short="湖南省")

    register(Congress, condition)
    register(Congress, condition)
    visible(three, liu)
    assert len(asked) == 1
