"""见面率、处室考核的地址。"""
from django.urls import path

from .views import rates, scoring

urlpatterns = [
    path("statistics/meeting/", rates.meeting_rates, name="meeting_rates"),
    path("unit/appraisal/", scoring.schemes, name="schemes"),
    path("unit/appraisal/<int:pk>/", scoring.scheme, name="scheme"),
    path("unit/appraisal/<int:pk>/edit/", scoring.scheme_edit, name="scheme_edit"),
    path("unit/appraisal/<int:pk>/compute/", scoring.scheme_compute, name="scheme_compute"),
    path("unit/appraisal/<int:pk>/publish/", scoring.scheme_publish, name="scheme_publish"),
    path("unit/appraisal/<int:pk>/marks/new/", scoring.mark_new, name="score_mark_new"),
    path("unit/appraisal/marks/<int:pk>/withdraw/", scoring.mark_withdraw, name="score_mark_withdraw"),
    path("unit/appraisal/sheets/<int:pk>/", scoring.sheet, name="score_sheet"),
    path("unit/appraisal/sheets/<int:pk>/confirm/", scoring.sheet_confirm, name="score_confirm"),
    path("unit/appraisal/sheets/<int:pk>/lock/", scoring.sheet_lock, name="score_lock"),
    path("unit/appraisal/items/<int:pk>/correct/", scoring.item_correct, name="score_correct"),
]
