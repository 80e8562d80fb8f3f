from .attachment import Attachment, Purpose
from .batch import ImportBatch
from .category import Category
from .deputy import Delegation, Deputy
from .group import SimilarityVerdict, SuggestionGroup
from .suggestion import (
    CoSigner,
    DeclineGround,
    PublishWish,
    RaisedBy,
    RaisedDuring,
    Request,
    Series,
    Suggestion,
    SuggestionDue,
    SuggestionKind,
    SuggestionStatus,
    numbered,
)

__all__ = [
    "Attachment", "Category", "CoSigner", "DeclineGround", "Delegation", "Deputy", "ImportBatch", "PublishWish",
    "Purpose", "RaisedBy", "RaisedDuring", "Request", "Series", "SimilarityVerdict", "Suggestion", "SuggestionDue",
    "SuggestionGroup", "SuggestionKind", "SuggestionStatus", "numbered",
]
