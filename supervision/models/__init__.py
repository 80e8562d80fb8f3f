from .ledger import LedgerEntry, LedgerKind, LedgerProgress, LedgerStatus, SigningOff

__all__ = ["LedgerEntry", "LedgerKind", "LedgerProgress", "LedgerStatus", "SigningOff"]
