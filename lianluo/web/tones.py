"""状态的颜色：代码 → 色调，一张表。办完的不着色，好让没办完的显出来。"""
from __future__ import annotations

PLAIN = "plain"

TONES: dict[str, str] = {
    # 件
    "draft": "grey", "cosigning": "yellow", "submitted": "blue", "returned": "yellow", "declined": "grey",
    "registered": "blue", "merged": "grey", "assigned": "blue", "handling": "blue", "replied": "green",
    "rehandling": "red", "escalated": "red", "concluded": PLAIN, "withdrawn": "grey",
    # 承办
    "pending": "yellow", "accepted": "blue", "return_requested": "yellow", "reassigned": "grey",
    "answered": "green",
    # 答复
    "checking": "yellow", "reviewing": "yellow", "sponsor_review": "yellow", "signed": "blue", "delivered": PLAIN,
    "void": "grey",
    # 方案
    "approved": "blue", "issued": "green",
    # 台账
    "open": "yellow", "ready": "green", "signed_off": PLAIN,
    # 评价
    "satisfied": "green", "basically": "yellow", "dissatisfied": "red",
    # 结果类别
    "A": "green", "B": "blue", "C": "grey",
}


def provide(tones: dict[str, str]) -> None:
    """各层登记自己的状态颜色。"""
    TONES.update(tones)


def tone_of(code: str) -> str:
    """状态代码的色调；没登记的用灰。"""
    return TONES.get(code, "grey")
