"""代表希望的承办单位：件上写的是文字，这里认成单位（交办时“应当予以研究”，河南第十二条、上海第十二条）。"""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lianluo.text import fold, nearest

from .models import Unit

_BETWEEN = re.compile(r"[、，,;；/\n]+")


@dataclass(frozen=True)
class Wish:
    """写的文字、认出的单位；``exact`` 为假表示按名称最接近猜的。"""

    text: str
    unit: Unit | None
    exact: bool = True


def resolve(text: str, units: Sequence[Unit]) -> list[Wish]:
    """逐个认：全称、简称、编码相符的，否则取名称最接近的；认不出留文字。"""
    names = {fold(name): unit for unit in units for name in (unit.name, unit.short, unit.code)}
    wishes = [_resolve_one(part.strip(), names) for part in _BETWEEN.split(text) if part.strip()]
    return list({wish.unit.pk if wish.unit else wish.text: wish for wish in reversed(wishes)}.values())[::-1]


def names_of(congress_id: int) -> list[str]:
    """全部承办单位的全称与简称，导入时用来核对希望承办单位。"""
    rows = Unit.objects.filter(congress=congress_id).values_list("name", "short")
    return [name for pair in rows for name in pair if name]


def _resolve_one(text: str, names: dict[str, Unit]) -> Wish:
    unit = names.get(fold(text))
    if unit:
        return Wish(text, unit)
    close = nearest(fold(text), list(names))
    return Wish(text, names[close] if close else None, exact=False)


def followed(wishes: Iterable[Wish], unit_ids: Iterable[int]) -> bool | None:
    """希望的单位有没有都在承办单位里；没有写希望则 None。"""
    named = list(wishes)
    if not named:
        return None
    chosen = set(unit_ids)
    return all(wish.unit is not None and wish.unit.pk in chosen for wish in named)
