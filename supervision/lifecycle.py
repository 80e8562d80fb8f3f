"""台账条目的转换表。"""
from lianluo.statemachine import Transition, transition

from .models import LedgerStatus as L
from .models import ScoreStatus as S

APPLY = transition("ledger.sign_off_applied", [L.OPEN], L.READY, "申请销号")
GRANT = transition("ledger.signed_off", [L.READY], L.SIGNED_OFF, "核准销号")
REFUSE = transition("ledger.sign_off_refused", [L.READY], L.OPEN, "不予销号")
REOPEN = transition("ledger.reopened", [L.SIGNED_OFF], L.OPEN, "恢复挂账")
# 单位内部的账（困难、整改、措施）：另一个人核过即了结，不经办公室核准
SETTLE = transition("ledger.settled", [L.OPEN], L.SIGNED_OFF, "了结")

TABLE: list[Transition] = [APPLY, GRANT, REFUSE, REOPEN, SETTLE]

# 评分表：公示以后有异议的可以重新核算；确认、锁定以后不再核算，只能更正
RECOMPUTE = transition("score.recomputed", [S.PUBLISHED], S.DRAFT, "重新核算")
PUBLISH = transition("score.published", [S.DRAFT], S.PUBLISHED, "公示")
CONFIRM = transition("score.confirmed", [S.PUBLISHED], S.CONFIRMED, "确认")
LOCK = transition("score.locked", [S.CONFIRMED], S.LOCKED, "锁定")

SCORES: list[Transition] = [RECOMPUTE, PUBLISH, CONFIRM, LOCK]
