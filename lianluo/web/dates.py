"""日期的各种写法：2018-04-09、2018.4.9、2018/4/9、2018年4月9日、20180409，全角也行。"""
from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2})\s*[:时点]\s*(\d{1,2})?\s*分?")


def normal(text: str) -> str:
    """全角折成半角，各种横线折成 -，去掉首尾空白。"""
    folded = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"[‐‑‒–—―−－]", "-", folded)


def parse_day(text: str) -> date | None:
    """认出日期；认不出或没有这一天时 None。"""
    text = normal(text)
    found = _DAY.fullmatch(text) or _COMPACT.fullmatch(text)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def parse_moment(text: str) -> datetime | None:
    """认出“日期 时:分”；只写日期按零点。"""
    text = normal(text).replace("T", " ")
    found = _DAY.match(text) or _COMPACT.match(text)
    if not found:
        return None
    day, clock = parse_day(found.group()), _parse_time(text[found.end() :].strip())
    return datetime.combine(day, clock) if day and clock is not None else None


def _parse_time(text: str) -> time | None:
    if not text:
        return time(0, 0)
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
