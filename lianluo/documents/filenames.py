"""上传件的名字：只当作数据存着、给人看；存到磁盘上的名字另起，与它无关。

规则（declared）：取最后一段路径（/ \\ 及其全角形）；去掉空字符、控制字符、零宽与改变方向的字符、半个代理项；
空白连成一个，首尾的空白和开头的点去掉；最长 200 个字节（UTF-8），截在整字上，保住扩展名；没剩下字的叫「未命名」。
"""
from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

LONGEST_BYTES = 200
_SEPARATORS = re.compile(r"[/\\／＼]")
_JOINER = "\u200d"  # 表情符号靠它连着，不改变方向，留下
_UNWANTED = ("Cc", "Cf", "Cs", "Zl", "Zp")
_EXTENSION = re.compile(r"\.[0-9A-Za-z]{1,10}$")


def clean_name(name: str) -> str:
    """给人看的名字。"""
    kept = "".join(char for char in name if char == _JOINER or unicodedata.category(char) not in _UNWANTED)
    stem, extension = split_extension(" ".join(_SEPARATORS.split(kept)[-1].split()))
    stem = stem.strip(". ") or "未命名"
    return _cut(stem, LONGEST_BYTES - len(extension.encode())) + extension


def split_extension(name: str) -> tuple[str, str]:
    """（主名，带点的扩展名）；像扩展名的才算。"""
    match = _EXTENSION.search(name)
    return (name[: match.start()], match.group()) if match else (name, "")


def _cut(text: str, most: int) -> str:
    return text.encode("utf-8")[:most].decode("utf-8", "ignore")


def content_disposition(name: str) -> str:
    """RFC 6266：一律作附件下载，文件名用 filename*，旧软件看 filename。"""
    cleaned = clean_name(name)
    extension = split_extension(cleaned)[1]
    return f"attachment; filename=\"download{extension}\"; filename*=UTF-8''{quote(cleaned, safe='')}"
