"""推荐单位与认出希望单位：纯计算，每个推荐有理由，最多五个。"""
import pytest

from handlers.models import Unit
from handlers.recommending.scoring import MOST, inherited, recommend
from handlers.wishes import Wish, followed, resolve

WATER = Unit(pk=1, code="HN-SLT", name="湖南省水利厅", short="省水利厅")
ROADS = Unit(pk=2, code="HN-JTT", name="湖南省交通运输厅", short="省交通运输厅")
HOUSING = Unit(pk=3, code="HN-ZJT", name="湖南省住房和城乡建设厅", short="省住房城乡建设厅")
UNITS = [WATER, ROADS, HOUSING]


@pytest.mark.parametrize(
    ("text", "units", "exact"),
    [
        ("省水利厅", [WATER], [True]), ("湖南省水利厅、省交通运输厅", [WATER, ROADS], [True, True]),
        ("hn-slt", [WATER], [True]), ("湖南省住房和城乡建设厅", [HOUSING], [True]),
        ("省水利厅；省水利厅", [WATER], [True]),
        ("", [], []), ("联合国教科文组织", [None], [False]),
    ],
)
def test_wishes_are_recognised(text, units, exact):
    found = resolve(text, UNITS)
    assert [wish.unit for wish in found] == units
    assert [wish.exact for wish in found] == exact


def test_a_misspelt_unit_is_guessed_and_said_to_be_a_guess():
    [wish] = resolve("省水利庁", UNITS)
    assert (wish.unit, wish.exact, wish.text) == (WATER, False, "省水利庁")


@pytest.mark.parametrize(
    ("wishes", "chosen", "answer"),
    [([], [1], None), ([Wish("水", WATER)], [1, 2], True), ([Wish("水", WATER)], [2], False),
     ([Wish("某局", None, False)], [1], False)],
)
def test_whether_the_wish_was_followed(wishes, chosen, answer):
    assert followed(wishes, chosen) is answer


def test_the_named_unit_comes_before_the_usual_one():
    found = recommend([Wish("省交通运输厅", ROADS)], {1: 31, 2: 3}, UNITS, category_name="水利")
    assert [item.unit for item in found] == [ROADS, WATER]
    assert found[0].reasons == ("代表希望由它承办",)
    assert found[1].reasons == ("“水利”类办过的 34 件次中，31 件次由它主办",)


def test_a_single_case_or_a_small_share_is_no_habit():
    assert not recommend([], {1: 1}, UNITS, category_name="水利")
    assert [item.unit for item in recommend([], {1: 97, 2: 3}, UNITS, category_name="水利")] == [WATER]


def test_at_most_five():
    units = [Unit(pk=n, code=str(n), name=f"单位{n}", short=f"单位{n}") for n in range(1, 10)]
    assert len(recommend([Wish(unit.name, unit) for unit in units], {}, units)) == MOST


def test_an_abolished_units_history_goes_to_its_successor():
    assert inherited({1: 4, 2: 3, 9: 5}, {2: 1, 9: None}) == {1: 7}
    assert inherited({1: 1}, {1: 2, 2: 1}) == {1: 1}
