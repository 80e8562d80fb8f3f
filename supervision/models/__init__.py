from .directive import Board, Directive, DirectiveCase, DirectiveKind
from .ledger import SETTLED_WITHIN, LedgerEntry, LedgerKind, LedgerProgress, LedgerStatus, SigningOff
from .scoring import (
    MarkKind,
    ScoreCorrection,
    ScoreItem,
    ScoreMark,
    ScoreSheet,
    ScoreStatus,
    ScoringScheme,
)

__all__ = [
    "Board", "Directive", "DirectiveCase", "DirectiveKind", "LedgerEntry", "LedgerKind", "LedgerProgress",
    "LedgerStatus", "MarkKind", "SETTLED_WITHIN", "ScoreCorrection", "ScoreItem", "ScoreMark", "ScoreSheet",
    "ScoreStatus", "ScoringScheme", "SigningOff",
]
