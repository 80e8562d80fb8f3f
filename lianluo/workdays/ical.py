"""到期日写成日历软件认得的文件（RFC 5545，全天事件）。"""
from __future__ import annotations

from datetime import timedelta

from .clock import now
from .explanation import Explanation

MOST_OCTETS = 73


def event(title: str, explained: Explanation) -> bytes:
    """一个全天事件；说明里写怎样算出来的。"""
    due = explained.due_on
    name = f"{title}（暂定）" if explained.provisional else title
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//lianluo//workdays//ZH", "BEGIN:VEVENT",
        f"UID:{explained.start_on:%Y%m%d}-{due:%Y%m%d}@lianluo", f"DTSTAMP:{now():%Y%m%dT%H%M%S}",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}", f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(name)}", f"DESCRIPTION:{_escaped(chr(10).join(explained.sentences))}",
        "END:VEVENT", "END:VCALENDAR",
    ]
    return "".join(_folded(line) for line in lines).encode()


def _escaped(text: str) -> str:
    for plain, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, safe)
    return text


def _folded(line: str) -> str:
    """一行不超过 75 个字节，不把一个汉字切开。"""
    parts, used = [""], 0
    for letter in line:
        size = len(letter.encode())
        if used + size > MOST_OCTETS:
            parts.append("")
            used = 0
        parts[-1] += letter
        used += size
    return "\r\n ".join(parts) + "\r\n"
