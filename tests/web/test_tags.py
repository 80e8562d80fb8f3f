"""模板标签与过滤器。"""
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from lianluo.web.paging import Page
from lianluo.workdays.lights import Light


def render(source: str, url: str = "/list/", **context) -> str:
    return Template(source).render(Context({"request": RequestFactory().get(url), **context}))


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ v|mask_phone }}", "13812341402", "138****1402"),
        ("{{ v|mask_phone }}", "0731-85309270", "0731-8530****"),
        ("{{ v|mask_phone }}", "12345", "*****"),
        ("{{ v|mask_phone }}", None, ""),
        ("{{ v|iso_date }}", date(2018, 4, 9), "2018-04-09"),
        ("{{ v|iso_date }}", datetime(2018, 4, 8, 17, 0, tzinfo=UTC), "2018-04-09"),
        ("{{ v|iso_date }}", None, "--"),
        ("{{ v|cn_date }}", date(2018, 4, 9), "2018年4月9日"),
        ("{{ v|short_date }}", date(2018, 4, 9), "4月9日"),
        ("{{ v|stamp }}", datetime(2018, 4, 9, 6, 3, tzinfo=UTC), "2018-04-09 14:03"),
        ("{{ v|number }}", 12345, "12,345"),
        ("{{ v|number }}", 0, "0"),
        ("{{ v|number }}", None, "--"),
        ("{{ v|wan }}", Decimal("11760000"), "11,760,000.00"),
        ("{{ v|dash }}", "", "--"),
        ("{{ v|dash }}", 0, "0"),
        ("{{ v|paragraphs }}", "一\n\n　二<b>", "<p>一</p><p>二&lt;b&gt;</p>"),
        ("{{ v|highlight:'水利 <b' }}", "省水利厅<b>", "省<mark>水利</mark>厅<mark>&lt;b</mark>&gt;"),
        ("{{ v|get:'a' }}", {"a": 3}, "3"),
        ("{{ v|get:'b' }}", {"a": 3}, ""),
        ("{% tag v 'red' %}", "<b>", '<span class="tag tag-red">&lt;b&gt;</span>'),
        ("{% status_tag 'concluded' v %}", "办结", '<span class="tag tag-plain">办结</span>'),
        ("{% status_tag 'handling' v %}", "办理中", '<span class="tag tag-blue">办理中</span>'),
    ],
)
def test_values_are_shown_the_chinese_way(source, value, shown):
    assert render(source, v=value) == shown


def test_a_light_has_shape_and_words():
    shown = render("{% light_of lamp %}", lamp=Light("red", "逾期 3 天"))
    assert "■" in shown and "逾期 3 天" in shown and "light-red" in shown


def test_a_light_of_a_finished_case_is_grey():
    assert "○" in render("{% light due True %}", due=date(2018, 4, 9))


def test_query_changes_one_condition_and_returns_to_the_first_page():
    url = "/list/?unit=sl&unit=cz&page=3&q=%E6%B0%B4"
    assert render("{% query q=None %}", url) == "?unit=sl&amp;unit=cz"
    assert render("{% query page=4 %}", url) == "?unit=sl&amp;unit=cz&amp;page=4&amp;q=%E6%B0%B4"
    assert render("{% query unit=None q=None %}", url) == "?"


def test_a_sorted_column_can_be_turned_round():
    assert 'aria-sort="none"' in render("{% sort_head '到期' 'due' %}")
    assert 'href="?sort=-due"' in render("{% sort_head '到期' 'due' %}", "/list/?sort=due")
    assert 'aria-sort="descending"' in render("{% sort_head '到期' 'due' %}", "/list/?sort=-due")


def test_the_pager_is_hidden_for_one_short_page():
    assert render("{% pager page %}", page=Page([1], 1, 50, 1, False)).strip() == ""


def test_the_pager_links_and_marks_the_current_page():
    shown = render("{% pager page '#rows' %}", "/list/?unit=sl&page=2", page=Page([1] * 50, 2, 50, 686, True))
    assert 'rel="prev" href="?unit=sl&amp;page=1"' in shown
    assert 'aria-current="page"' in shown
    assert 'hx-target="#rows"' in shown
    assert "共 686 条，第 51 至 100 条" in shown
