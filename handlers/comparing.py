"""两版文字的比对：按句，段落保持原样，没改的段落可以折起。纯函数。"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

SAME, ADDED, REMOVED = "same", "added", "removed"
BREAK = "\n"
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？]+[”’」』）]*|[^。；！？\n]+|\n")


@dataclass(frozen=True)
class Piece:
    """一小段文字和它的来历。"""

    kind: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """一段，由若干小段拼成。"""

    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        return any(piece.kind != SAME for piece in self.pieces)


@dataclass(frozen=True)
class Block:
    """相连的、都改了或都没改的若干段。"""

    changed: bool
    paragraphs: tuple[Paragraph, ...]


def sentences(text: str) -> list[str]:
    """按句切开，换行自成一个记号。"""
    return _SENTENCE.findall(text)


def compare(old: str, new: str) -> list[Block]:
    """比对两版，得到依次的块。"""
    paragraphs = _paragraphs(_pieces(sentences(old), sentences(new)))
    return [Block(changed, tuple(rows)) for changed, rows in groupby(paragraphs, key=lambda one: one.changed)]


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for how, start, end, new_start, new_end in matcher.get_opcodes():
        if how == "equal":
            yield from (Piece(SAME, token) for token in new[new_start:new_end])
            continue
        yield from (Piece(REMOVED, token) for token in old[start:end])
        yield from (Piece(ADDED, token) for token in new[new_start:new_end])


def _paragraphs(pieces: Iterator[Piece]) -> list[Paragraph]:
    rows: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.text == BREAK:
            rows.append([])
        else:
            rows[-1].append(piece)
    return [Paragraph(tuple(row)) for row in rows if row]
