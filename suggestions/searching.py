"""列表的查找：看得见的每一列都找，另加拼音首字母与电话尾号。空格隔开的词须都对上。"""
from __future__ import annotations

import json
import re

from django.db.models import Q

from .models import (
    CoSigner,
    Deputy,
    RaisedDuring,
    Series,
    SuggestionKind,
    SuggestionStatus,
)
from .models.deputy import PREFECTURES
from .options import CATEGORIES, DELEGATIONS

#: 查找时找了哪些内容，没有结果时说给人听
SEARCHED = "编号、标题、代表姓名与拼音首字母、代表团、分类、形式、状态、希望承办单位、涉及地区、联系电话尾号"
_NUMBER = re.compile(r"^第?(闭|议转)?0*(\d{1,6})号?$")
_TAIL = re.compile(r"^\d{4,11}$")
NOTHING = Q(pk__in=[])


def matching(queryset, text: str, *, private: bool):
    """留下每个词都对得上的件。``private``：此人看得到电话与证号，才按它们找。"""
    for word in text.split():
        queryset = queryset.filter(_word(word, private))
    return queryset


def _word(word: str, private: bool) -> Q:
    """一个词：任一列对得上即可。代表、代表团、分类先换成内部号，各条件才都用得上索引。"""
    deputies, delegations, categories = _named(word, private)
    found = Q(title__has=word) | Q(wished_units__has=word) | _number(word) | _choices(word) | _region(word)
    if deputies:
        joined = CoSigner.objects.filter(deputy__in=deputies, refused_at__isnull=True).values("suggestion")
        found |= Q(lead_deputy__in=deputies) | Q(pk__in=joined)
    if delegations:
        found |= Q(delegation__in=delegations)
    if categories:
        found |= Q(category__in=categories)
    return found | _phone(word) if private else found


def _named(word: str, private: bool) -> tuple[list[int], ...]:
    """名字对得上的代表、代表团、分类（一级的对上了，它的二级也算）。"""
    deputies = Deputy.objects.matching(word, private=private).order_by().values_list("pk", flat=True)
    delegations = [pk for pk, name in DELEGATIONS.rows() if word in name]
    listed = CATEGORIES.rows()
    named = {pk for pk, name, *_ in listed if word in name}
    categories = [pk for pk, _, parent, _ in listed if pk in named or parent in named]
    return list(deputies), delegations, categories


def _region(word: str) -> Q:
    """词是某个市州名字的一部分，才到涉及地区里找。"""
    found = NOTHING
    for name in PREFECTURES:
        if word in name:
            found |= in_regions(name)
    return found


def in_regions(name: str) -> Q:
    """涉及地区存成 JSON：PostgreSQL 里是字面汉字，SQLite 里是 \\u 转写，两种写法都找。"""
    return Q(regions__icontains=name) | Q(regions__icontains=json.dumps(name)[1:-1])


def _number(word: str) -> Q:
    return number_of(word) or NOTHING


def number_of(word: str) -> Q | None:
    """486、0486、第0486号、闭0007；不是编号则 None。"""
    found = _NUMBER.match(word)
    if not found:
        return None
    mark, digits = found.groups()
    exact = Q(number=int(digits))
    if mark == "闭":
        exact &= Q(series=Series.BETWEEN)
    return exact & Q(converted_from_bill=True) if mark == "议转" else exact


def _phone(word: str) -> Q:
    return Q(contact_phone__endswith=word) if _TAIL.match(word) else NOTHING


def _choices(word: str) -> Q:
    """状态、形式、提出时间按显示的字找。"""
    found = NOTHING
    for name, choices in (("status", SuggestionStatus), ("kind", SuggestionKind), ("raised_during", RaisedDuring)):
        codes = [code for code, label in choices.choices if label == word or (len(word) > 1 and word in label)]
        if codes:
            found |= Q(**{f"{name}__in": codes})
    return found
