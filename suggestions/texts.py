"""文本：摘要、具体建议的拆分、标题的规整。纯函数。"""
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable

#: 行首的序号：1. 1、（1） (一) 一、 ① 等
_ORDINAL = re.compile(
    r"^\s*(?:[（(]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[）)]|(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[、.．)）]|[①-⑳])\s*"
)
#: 不可见而会骗过眼睛的字符：零宽、双向控制、软连字符
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
TITLE_HINT = 60
BODY_LIMIT = 3000


def text_hash(title: str, body: str, requests: Iterable[str]) -> str:
    """标题、内容、具体建议的摘要；联名代表确认的就是它（改一字即变）。"""
    whole = json.dumps([title, body, list(requests)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def clean_line(text: str) -> str:
    """一行字：去掉看不见的字符，空白并成一个。"""
    return re.sub(r"\s+", " ", _UNSEEN.sub("", text or "")).strip()


def clean_text(text: str) -> str:
    """多行字：换行统一，去掉看不见的字符与行尾空白，连续空行并成一个；段落保留。"""
    text = _UNSEEN.sub("", text or "").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.rstrip(" \t　") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def split_requests(text: str) -> list[str]:
    """一段文字拆成若干条具体建议：有序号的按序号分，没有的一行一条。"""
    lines = [line for line in clean_text(text).split("\n") if line.strip()]
    if not any(_ORDINAL.match(line) for line in lines):
        return [line.strip(" 　") for line in lines]
    found: list[str] = []
    for line in lines:
        if _ORDINAL.match(line) or not found:
            found.append(_ORDINAL.sub("", line).strip(" 　"))
        else:
            found[-1] = f"{found[-1]}\n{line.strip(' 　')}"
    return [one for one in found if one]


def clean_requests(texts: Iterable[str]) -> list[str]:
    """逐条清理，空的不要，行首自带的序号去掉（序号由系统给）。"""
    cleaned = (_ORDINAL.sub("", clean_text(one)).strip(" 　") for one in texts)
    return [one for one in cleaned if one]
