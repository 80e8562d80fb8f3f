"""CSV：认编码、分行、公式引导符的加与去。

编码：有 BOM 按 BOM；没有就严格 UTF-8，再严格 GB18030；认不出来的指出第几行，从不丢字。
公式引导符（declared）：导出时，文字以 ``= + - @ | ＝ ＋ － ＠ '``、制表符、回车、换行之一开头的，前面加一个 ``'``；
导入 CSV 时，以 ``'`` 开头、第二个字符是上述之一的，去掉一个 ``'``。往返相等，``'=1+1`` 也一样。
"""
from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from .problems import FileRefused

LEADS = frozenset("=+-@|＝＋－＠'\t\r\n")
_MOST_FIELD = 16 * 1024 * 1024
_SIGNS_OF_UTF8 = 6  # 出错之前已认出这么多个汉字，就不是 GBK 碰巧像 UTF-8
_DELIMITERS = ",\t;"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "gb18030": "GB18030"}


def neutralise(text: str) -> str:
    """导出到 CSV 的文字，表格软件不会当公式。"""
    return "'" + text if text[:1] in LEADS and text else text


def restore(text: str) -> str:
    """:func:`neutralise` 的反向。"""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in LEADS else text


def decode(content: bytes) -> str:
    """解成文字；不能解的拒收并指出行。"""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _checked(_strict(content[len(bom) :], encoding))
    try:
        return _checked(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        if _han(content[: error.start]) >= _SIGNS_OF_UTF8:
            raise _undecodable(content, error) from error
    return _checked(_strict(content, "gb18030"))


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(content, error) from error


def _han(valid: bytes) -> int:
    return sum(char > "\u007f" for char in valid.decode("utf-8"))


def _undecodable(content: bytes, error: UnicodeDecodeError) -> FileRefused:
    before = content[: error.start]
    newline = "\n".encode(error.encoding) if error.encoding.startswith("utf-16") else b"\n"
    line = before.count(newline) + 1
    return FileRefused(
        f"第 {line} 行有按 {_NAMES[error.encoding]} 解不开的字，用 WPS 或 Excel 打开后另存为 .xlsx 再上传",
        code="damaged",
        line=line,
    )


def _checked(text: str) -> str:
    position = text.find("\0")
    if position >= 0:
        line = text.count("\n", 0, position) + 1
        raise FileRefused(f"第 {line} 行有空字符（NUL），用 WPS 或 Excel 打开后另存为 .xlsx 再上传", line=line)
    return text


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """（起始行号，各栏文字）；引号内可以换行。引号不成对的拒收并指出从哪一行开始。"""
    csv.field_size_limit(_MOST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefused(f"第 {line} 行的引号不成对，核对这一行的引号", line=line) from error
        yield line, fields


def _delimiter(text: str) -> str:
    """前十行里最多的那个；Excel 的「Unicode 文本」用制表符。"""
    head = "\n".join(text[:20_000].splitlines()[:10])
    return max(_DELIMITERS, key=head.count)
