"""答复的一扇门：起草、送审、审签、签发、作废、送达，各在自己的文件里。"""
from __future__ import annotations

from .approving import approve_reply, delegate_approval, send_back_reply, sign_reply, submit_reply, void_reply
from .delivering import Handed, deliver_reply, record_deliveries
from .drafting_reply import save_reply

__all__ = [
    "Handed", "approve_reply", "delegate_approval", "deliver_reply", "record_deliveries", "save_reply",
    "send_back_reply", "sign_reply", "submit_reply", "void_reply",
]
