"""分页：页码、总数、不数总数、翻得深。"""
import pytest
from django.test import RequestFactory
from django.utils import timezone

from lianluo.web import paging
from lianluo.web.models import Draft
from lianluo.web.paging import UNCOUNTED, InTurn, Page, paginate


@pytest.fixture
def rows(person):
    account = person("li")
    now = timezone.now()
    Draft.objects.bulk_create([Draft(account=account, key=f"{number:04d}", saved_at=now) for number in range(130)])
    return Draft.objects.order_by("key")


def page_of(rows, query: str = "", **kwargs) -> Page:
    return paginate(RequestFactory().get(f"/list/{query}"), rows, **kwargs)


def keys(page: Page) -> tuple[str, str]:
    return page.items[0].key, page.items[-1].key


def test_the_first_page_has_fifty_rows_and_counts_once(rows, django_assert_num_queries):
    with django_assert_num_queries(2):
        page = page_of(rows)
    assert (keys(page), page.total, page.pages, page.has_next) == (("0000", "0049"), 130, 3, True)
    assert page.title_suffix == ""


def test_the_second_page_says_so_in_the_title(rows):
    page = page_of(rows, "?page=2")
    assert keys(page) == ("0050", "0099")
    assert page.title_suffix == "（第 2 页，共 3 页）"
    assert (page.first_row, page.last_row) == (51, 100)


@pytest.mark.parametrize(
    ("query", "number"), [("?page=99", 3), ("?page=0", 1), ("?page=x", 1), ("?page=-1", 1), ("?page=１", 1)]
)
def test_a_page_that_does_not_exist_becomes_the_nearest(rows, query, number):
    assert page_of(rows, query).number == number


def test_a_count_that_is_given_is_not_counted_again(rows, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = page_of(rows, count=130)
    assert page.pages == 3


def test_uncounted_looks_only_one_row_further(rows, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = page_of(rows, "?page=2", count=UNCOUNTED)
    assert (page.total, page.pages, page.has_next, page.numbers) == (None, None, True, [])
    assert page.title_suffix == "（第 2 页）"


def test_deep_pages_give_the_same_rows_as_shallow_ones(rows, monkeypatch):
    shallow = [row.key for row in page_of(rows, "?page=3")]
    monkeypatch.setattr(paging, "DEEP_OFFSET", 10)
    assert [row.key for row in page_of(rows, "?page=3")] == shallow
    values = page_of(rows.values("key"), "?page=3")
    assert [row["key"] for row in values] == shallow


@pytest.mark.parametrize(("query", "size"), [("?size=20", 20), ("?size=100", 100), ("?size=7", 50), ("?size=all", 130)])
def test_only_offered_sizes_are_taken(rows, query, size):
    assert len(page_of(rows, query)) == size


def test_numbers_show_both_ends_and_the_neighbours():
    assert Page([0], 7, 50, 700, True).numbers == [1, None, 5, 6, 7, 8, 9, None, 14]


def test_everything_at_once_is_offered_only_for_short_lists():
    assert ("all", "全部") in Page([0], 1, 50, 900, True).sizes
    assert ("all", "全部") not in Page([0], 1, 50, 90_000, True).sizes


def test_parts_in_turn_are_cut_like_one_list(rows, monkeypatch):
    whole = [row.key for row in rows]
    parts = InTurn(rows.filter(key__lt="0030"), rows.filter(key__gte="9999"), rows.filter(key__gte="0030"))
    for deep in (500, 10):
        monkeypatch.setattr(paging, "DEEP_OFFSET", deep)
        for start in (0, 10, 29, 30, 31, 100, 129, 130, 200):
            assert [row.key for row in parts.rows(start, 25)] == whole[start : start + 25], start


def test_a_part_that_fills_the_page_is_the_only_one_asked(rows, django_assert_num_queries):
    parts = InTurn(rows.filter(key__lt="0060"), rows.filter(key__gte="0060"))
    with django_assert_num_queries(1):
        assert len(page_of(parts, count=130).items) == 50
