"""督办一层的后台：台账只看，销号到台账页去。"""
from __future__ import annotations

from django.contrib import admin

from suggestions.admin import CaseAdmin

from .models import LedgerEntry


@admin.register(LedgerEntry)
class LedgerEntryAdmin(CaseAdmin):
    list_display = ["work", "what", "kind", "unit", "status", "opened_on", "due_on", "signed_off_on", "closed_reason"]
    list_display_links = ["what"]
    list_select_related = ["unit"]
    list_filter = ["kind", "status"]
    search_fields = ["what", "suggestion__number", "unit__short"]
    date_hierarchy = "due_on"
    fields = [
        "work", "kind", "suggestion", "assignment", "unit", "what", "status", "opened_on", "due_on", "signed_off_on",
        "signed_off_by", "closed_reason", "closed_on",
    ]

    def page_of(self, obj: LedgerEntry) -> str:
        return f"/ledger/{obj.pk}/"
