"""页面上的字怎么写：遮号码、分段、标词。"""
from __future__ import annotations

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


def headline(error) -> str:
    """拒绝的那句话；缺项另列时只取冒号前面的，不说两遍。"""
    return error.sentence.partition("：")[0] if error.missing else error.sentence


def mask_phone(phone: str) -> str:
    """手机号中间四位、座机号末四位换成星号；太短的全遮。"""
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    return f"{phone[:-4]}****" if len(digits) >= 7 else "*" * len(phone)


def paragraphs(text: str) -> SafeString:
    """非空的一行作一段。"""
    lines = (line.strip(" \t\r　") for line in text.split("\n"))
    return mark_safe("".join(f"<p>{escape(line)}</p>" for line in lines if line))


def highlight(text: str, words: str) -> SafeString:
    """空格隔开的每个词都标出，其余照字面。"""
    parts = [re.escape(word) for word in words.split() if word]
    if not parts:
        return escape(text)
    pieces = re.split(f"({'|'.join(parts)})", text, flags=re.IGNORECASE)
    marked = (f"<mark>{escape(one)}</mark>" if index % 2 else escape(one) for index, one in enumerate(pieces))
    return mark_safe("".join(marked))
