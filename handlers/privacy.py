"""公开前的脱敏检查：公开的文字里不能有身份证号、手机号、代表的个人信息。纯函数。

认得准的（证号、手机号、代表本人的电话地址）不放行；只像住址的请审定人看一眼再勾选。
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

ID_CARD = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)")
LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[-—－\s]\d{7,8}(?!\d)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
BANK_CARD = re.compile(r"(?<!\d)62\d{14,17}(?!\d)")
HOME = re.compile(
    r"[\u4e00-\u9fff]{1,8}(?:大道|路|街|道|巷)\d+号|\d+栋(?:\d+单元)?\d+(?:室|号|房)|[\u4e00-\u9fff]{1,8}村\d+组"
)


@dataclass(frozen=True)
class Finding:
    """找到的一处：是什么、原文、能不能放行。"""

    kind: str
    excerpt: str
    blocks: bool

    @property
    def sentence(self) -> str:
        advice = "公开的文字里要去掉" if self.blocks else "看清是不是个人住址"
        return f"出现{self.kind}“{self.excerpt}”，{advice}"


SURE = (("身份证号", ID_CARD), ("银行卡号", BANK_CARD), ("手机号", MOBILE), ("座机号", LANDLINE), ("电子邮箱", EMAIL))


def findings(text: str, *, allowed: Iterable[str] = (), private: Iterable[str] = ()) -> list[Finding]:
    """找出全部可疑之处。``allowed`` 是可以公开的（单位联系电话），``private`` 是代表本人的电话、地址、证号。"""
    for known in allowed:
        text = text.replace(known, "") if known else text
    found = [Finding("代表个人信息", value, True) for value in private if value and value in text]
    seen = {one.excerpt for one in found}
    for kind, pattern in SURE:
        for value in dict.fromkeys(pattern.findall(text)):
            if not any(value in known or known in value for known in seen):
                seen.add(value)
                found.append(Finding(kind, value, True))
    found += [Finding("像住址的文字", value, False) for value in dict.fromkeys(HOME.findall(text)) if value not in seen]
    return found


def blocking(found: list[Finding]) -> list[Finding]:
    return [one for one in found if one.blocks]
