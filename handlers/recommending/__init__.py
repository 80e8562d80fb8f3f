"""交给哪个单位：代表的希望，加办公室自己历年同类件的去向，都说明理由。"""
from __future__ import annotations

from .. import wishes
from ..unitbook import UnitBook
from .history import same_kind
from .scoring import Recommendation, inherited, recommend

__all__ = ["Recommendation", "recommended_for"]


def recommended_for(suggestion, book: UnitBook) -> tuple[list[wishes.Wish], list[Recommendation]]:
    """一件的希望单位与推荐单位；历年去向一条查询。"""
    wished = wishes.resolve(suggestion.wished_units, book.units)
    history = inherited(same_kind(suggestion.category_id), book.successors)
    name = suggestion.category.name if suggestion.category else ""
    return wished, recommend(wished, history, book.units, category_name=name)
