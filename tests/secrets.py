"""什么话只该谁看见：布景里每件的文字都认得出是哪一件，哪一页给错了人一查便知。"""
from __future__ import annotations

import io
import re
import zipfile

from tests.scene import ROLES, TITLES, Scene, Side

OFFICE = {"clerk", "clerk2"}
FILED = OFFICE | {"secretariat"}
WATCHERS = {"gov", "committee"}
UNIT = {"unit_liaison", "unit_head", "unit_leader"}
ROOM = {"unit_director", "unit_officer"}
ASSIST = {"assist_liaison", "assist_officer"}
#: 完整的手机号与通信地址，只给人大办理人员、本人和正在办的单位看
PHONE, ADDRESS = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])"), "代表路8号"
NEVER_PRIVATE = ("anonymous", "stranger", "gov", "committee", "sysadmin", "secadmin", "auditor", "unit_other_room")
HANDLED = {"accepted", "extending", "opining", "opined", "written", "checking", "signed", "delivered", "rated",
           "escalated", "published", "applied", "concluded"}
ASSIGNED = HANDLED | {"assigned", "returning"}


def readers_of_text(name: str) -> set[str]:
    """甲组一件的正文谁看得到。"""
    own = {"lead"} if name == "drafted" else {"lead", "cosigner"}
    if name in ("drafted", "cosigning"):
        return own
    seen = own | FILED | {"delegation"}
    if name in ("submitted", "declined"):
        return seen
    seen |= WATCHERS
    # 拟交办送给单位看；交办以后单位看得到；分派到处室的，处室看得到；会办单位同样
    if name in ("proposed", "meeting", "objected"):
        seen |= UNIT | ROOM | ASSIST | {"unit_other_room"}
    if name in ASSIGNED:
        seen |= UNIT | {"assist_liaison"}
    if name in HANDLED - {"accepted"}:
        seen |= ROOM | ASSIST
    return seen | set(ROLES) if name == "published" else seen


def secrets_of(side: Side) -> dict[str, set[str]]:
    """甲组的话 → 看得到的人。"""
    found = {side.secret(name): readers_of_text(name) for name in TITLES}

    def said(name: str, what: str) -> str:
        return f"{getattr(side, name).secret}之{what}"

    for name in ("written", "checking"):
        found[said(name, "答复")] = UNIT | ROOM
    found[said("signed", "答复")] = UNIT | ROOM | OFFICE
    found[said("delivered", "答复")] = readers_of_text("delivered") - {"secretariat", "delegation"}
    found[said("opining", "意见")] = ASSIST
    found[said("opined", "意见")] = ASSIST | UNIT | ROOM | OFFICE | WATCHERS
    found[said("rated", "评价")] = UNIT | ROOM | OFFICE | WATCHERS | {"lead"}
    found[said("returning", "退回")] = UNIT | OFFICE | {"gov"}
    found[said("extending", "延期")] = UNIT | ROOM | OFFICE | {"gov", "lead", "cosigner"}
    return found


def told_to(scene: Scene, role: str, content: bytes) -> list[str]:
    """这个人不该看到、却在这份回答里的话。"""
    text = readable(content)
    wrong = [words for words, seen in secrets_of(scene.a).items() if role not in seen and words in text]
    if role in NEVER_PRIVATE:
        wrong += PHONE.findall(text)
        wrong += [ADDRESS] if ADDRESS in text else []
    return wrong


def readable(content: bytes) -> str:
    """回答里的字；压缩的工作簿先拆开。"""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist() if name.endswith("xml"))
