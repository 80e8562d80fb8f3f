"""文号：签发时从计数行取，按机关代字和年份连续，不空号、不重号。

机关代字取单位的发文字号前缀（如“湘财建”）；没有录入的，用“湘”＋单位简称去掉“省”和“厅、局、委”等＋“建”，
例如省农业农村厅为“湘农业农村建”。录入了正式前缀以后，新文号改用新前缀，旧文号不变。
"""
from __future__ import annotations

import re

from lianluo.documents import counters

from .models import Unit

REGION, KIND = "湘", "建"
_HEAD = re.compile(r"^(湖南省|湖南|省)")
_TAIL = re.compile(r"(办公厅|办公室|委员会|管理局|人民政府|厅|局|委|部|办)$")


def prefix_of(unit: Unit) -> str:
    """机关代字。"""
    if unit.document_prefix:
        return unit.document_prefix
    core = _HEAD.sub("", unit.short)
    return f"{REGION}{_TAIL.sub('', core) or core}{KIND}"[:20]


def scope_of(unit: Unit, year: int) -> str:
    """计数行的名字。按代字而不按单位：机构改革后沿用代字的单位接着编号。"""
    return f"document:{unit.congress_id}:{prefix_of(unit)}:{year}"


def take_number(unit: Unit, year: int) -> str:
    """取下一个文号：湘财建〔2026〕12号（六角括号，不加“第”，不编虚位）。"""
    return f"{prefix_of(unit)}〔{year}〕{counters.take(scope_of(unit, year))}号"


def next_number(unit: Unit, year: int) -> str:
    """下一个文号将是什么，只看不取。"""
    return f"{prefix_of(unit)}〔{year}〕{counters.peek(scope_of(unit, year)) + 1}号"
