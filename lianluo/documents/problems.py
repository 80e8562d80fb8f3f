"""导入与上传的问题：都是一句话，指到表、格、行。"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from lianluo.statemachine import DomainError


@dataclass(frozen=True)
class Problem:
    """一处问题或提醒。三个位置都空，说的是整份文件。"""

    sheet: str | None
    cell: str | None
    line: int | None
    message: str

    @property
    def place(self) -> str:
        """「建议!D37」「第 12 行」或空。"""
        if self.cell:
            return f"{self.sheet}!{self.cell}" if self.sheet else self.cell
        return f"第 {self.line} 行" if self.line else ""

    def __str__(self) -> str:
        said = (self.cell or f"第 {self.line} 行") in self.message
        return self.message if said else f"{self.place} {self.message}".strip()

    def as_dict(self) -> dict:
        """接口与命令行输出的四个键。"""
        return asdict(self)


class FileRefused(DomainError):
    """整份文件不收：一句话说清原因和怎么办。

    ``code``：none 没选文件、type 类型不对、size 太大、empty 空文件、password 有密码、template 不是这张表的样式、
    content 内容不齐、damaged 损坏、unsafe 结构可疑、macro 含宏。
    """

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "damaged",
        sheet: str | None = None,
        cell: str | None = None,
        line: int | None = None,
        problems: Iterable[Problem] = (),
    ) -> None:
        super().__init__(sentence, field="file")
        self.code = code
        self.problems = list(problems) or [Problem(sheet, cell, line, sentence)]


def damaged(detail: str = "", **place) -> FileRefused:
    """损坏或不完整。"""
    why = f"（{detail}）" if detail else ""
    return FileRefused(f"文件已损坏或不完整{why}，用原来的软件打开后另存一份再上传", code="damaged", **place)
