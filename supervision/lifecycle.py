"""台账条目的转换表。"""
from lianluo.statemachine import Transition, transition

from .models import LedgerStatus as L

APPLY = transition("ledger.sign_off_applied", [L.OPEN], L.READY, "申请销号")
GRANT = transition("ledger.signed_off", [L.READY], L.SIGNED_OFF, "核准销号")
REFUSE = transition("ledger.sign_off_refused", [L.READY], L.OPEN, "不予销号")
REOPEN = transition("ledger.reopened", [L.SIGNED_OFF], L.OPEN, "恢复挂账")

TABLE: list[Transition] = [APPLY, GRANT, REFUSE, REOPEN]
