from django.urls import path

from .views import entry, ledger

urlpatterns = [
    path("ledger/", ledger.index, name="ledger"),
    path("ledger/units/", ledger.units, name="ledger_units"),
    path("ledger/export/", ledger.export, name="ledger_export"),
    path("ledger/grant/", ledger.grant_many, name="ledger_grant_many"),
    path("ledger/<int:pk>/", entry.show, name="ledger_entry"),
    path("ledger/<int:pk>/apply/", entry.apply, name="ledger_apply"),
    path("ledger/<int:pk>/decide/", entry.decide, name="ledger_decide"),
    path("ledger/<int:pk>/reopen/", entry.reopen, name="ledger_reopen"),
    path("ledger/<int:pk>/progress/", entry.progress, name="ledger_progress"),
]
