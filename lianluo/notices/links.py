"""正文里只给收件人本人的链接。"""
from __future__ import annotations

import re

_LINK = re.compile(r"https?://\S+")


def without_links(body: str) -> str:
    """给收件人以外的人看时，链接不显示。"""
    return _LINK.sub("（链接只给收件人本人）", body)
