"""守门的机制：守在哪一步之前、缺什么时说什么。"""
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from django.db.models import TextChoices

from lianluo.statemachine import Missing

if TYPE_CHECKING:
    from .facts import Case


class Door(TextChoices):
    """办理中的一步。机制守在它前面，不满足就走不过去。"""

    ALLOT = "allot", "分派处室"
    PLAN = "plan", "编现场办理方案"
    VISIT = "visit", "现场办理"
    DRAFT = "draft", "起草答复"
    CLASSIFY = "classify", "定办理结果类别"
    SUBMIT = "submit", "送审"
    SIGN = "sign", "签发"
    DELIVER = "deliver", "送达"
    SIGN_OFF = "sign_off", "销号"


class Guard:
    """一条守门的机制。``missing`` 逐句说还缺什么、到哪里补；不适用时什么也不说。

    ``field`` 是分派表单上对应的一项，缺项写在那一项旁。
    """

    code: ClassVar[str] = ""
    doors: ClassVar[tuple[Door, ...]] = ()
    field: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.code:
            GUARDS[cls.code] = cls()

    def missing(self, case: Case) -> Iterator[Missing]:
        """还缺的；缺省什么也不缺。"""
        return iter(())


#: 编号 → 守门的机制
GUARDS: dict[str, Guard] = {}
