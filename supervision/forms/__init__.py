from .ledger import ApplyForm, DecisionForm, ProgressForm, ReopenForm

__all__ = ["ApplyForm", "DecisionForm", "ProgressForm", "ReopenForm"]
