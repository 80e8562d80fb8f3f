"""账号类留痕：登录、失败、锁定、退出、改密码、授权都各记一条（等保安全审计 a、b）；句子在留痕的词表里。"""
from __future__ import annotations


def note(event: str, *, actor, target, reason: str = "", **data):
    """记一条留痕；记不成，动作也不成（等保安全审计 d）。留痕在账号之上，因此用到时才引入。"""
    from lianluo.audit import record

    return record(event, actor=actor, target=target, reason=reason, **data)
