"""预置：四个厅各照自己在简报里说的办；其余单位只有五定（policies.DEFAULT）。"""
from __future__ import annotations

from .catalogue import CATALOGUE, OFFICES

#: 单位编码 → 简报里的哪一家
OFFICE_OF_UNIT = {"HN-KJT": "KJ", "HN-MZT": "MZ", "HN-CZT": "CZ", "HN-JTT": "JT"}


def codes_of(office: str) -> dict[str, dict]:
    """一家守门、计数的全部机制及参数；``office`` 是编号的前两个字母。"""
    if office not in OFFICES:
        raise ValueError(f"机制库里没有 {office}")
    return {code: {} for code, one in CATALOGUE.items() if code.startswith(office) and one.is_switch}
