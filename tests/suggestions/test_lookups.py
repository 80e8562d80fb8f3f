"""查法 has：与逐行包含同一个结果，两种数据库都是；PostgreSQL 上走二字索引。"""
from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q

from suggestions.models import Suggestion
from tests.suggestions.drafts import registered

pytestmark = pytest.mark.django_db

TITLES = (
    "关于加强水库除险加固的建议", "关于推广5G基站建设的建议", "关于加固山塘水渠的建议", "关于100%落实A类事项的建议",
    "关于“一水两岸”的建议", "关于引进Meißner工艺的建议",
)
WORDS = ("水", "水库", "除险加固", "加固", "5g", "5G基站", "100%", "%落", "a类", "“一", "库水", "水库的", "建议", "__",
         "ß", "iß", "meißner")


@pytest.fixture
def cases(world):
    return [registered(world, title=title, wished_units="省水利厅、省通信管理局") for title in TITLES]


@pytest.mark.parametrize("word", WORDS)
def test_it_finds_what_looking_at_every_row_finds(cases, word):
    expected = {title for title in TITLES if word.upper() in title.upper()}
    assert set(Suggestion.objects.filter(title__has=word).values_list("title", flat=True)) == expected


def test_one_of_two_columns_is_enough(cases):
    assert Suggestion.objects.filter(Q(title__has="水利厅") | Q(wished_units__has="水利厅")).count() == len(TITLES)
    assert not Suggestion.objects.filter(Q(title__has="水利局") | Q(wished_units__has="水利局")).exists()


def test_a_change_of_title_is_found_at_once_and_the_index_serves_it(cases):
    one = cases[0]
    Suggestion.objects.filter(pk=one.pk).update(title="关于整治河道的建议")
    found = Suggestion.objects.filter(title__has="河道")
    assert found.get() == one and not Suggestion.objects.filter(title__has="除险").exists()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "suggestion_title_pairs" in found.explain()


def test_it_works_inside_a_subquery_of_the_same_table(cases):
    inner = Suggestion.objects.filter(title__has="水库").values("pk")
    assert Suggestion.objects.filter(pk__in=inner).get().title == TITLES[0]
