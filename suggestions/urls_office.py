"""工作人员的页：列表、收件登记、审查、相近件、附件。"""
from django.urls import path

from .views import attachments, grouping, lists, office, review
from .views.deputy import withdraw

urlpatterns = [
    path("office/suggestions/", lists.suggestion_list, name="list"),
    path("office/suggestions/export/", lists.export, name="export"),
    path("office/suggestions/print/", lists.print_list, name="list_print"),
    path("office/search/", lists.search, name="search"),
    path("office/intake/", office.intake, name="intake"),
    path("office/intake/new/", office.intake_new, name="intake_new"),
    path("office/intake/fast/", office.intake_fast, name="intake_fast"),
    path("office/intake/similar/", office.intake_similar, name="intake_similar"),
    path("office/intake/deputies/", office.deputy_lookup, name="deputy_lookup"),
    path("office/intake/<int:pk>/done/", office.entered, name="entered"),
    path("office/intake/<int:pk>/edit/", office.edit, name="edit"),
    path("office/review/", review.review, name="review"),
    path("office/review/<int:pk>/", review.review_one, name="review_one"),
    path("office/review/<int:pk>/undo/", review.review_undo, name="review_undo"),
    path("office/cases/<int:pk>/similar/", grouping.similar_cases, name="similar"),
    path("office/cases/<int:pk>/merge/", grouping.merge, name="merge"),
    path("office/cases/<int:pk>/unmerge/", grouping.unmerge, name="unmerge"),
    path("office/cases/<int:pk>/group/", grouping.group_with, name="group_with"),
    path("office/cases/<int:pk>/ungroup/", grouping.ungroup, name="ungroup"),
    path("office/cases/<int:pk>/not-similar/<int:other>/", grouping.not_similar, name="not_similar"),
    path("office/groups/<int:pk>/", grouping.group, name="group"),
    path("cases/<int:pk>/withdraw/", withdraw, name="withdraw"),
    path("cases/<int:pk>/files/<slug:purpose>/", attachments.attach, name="attach"),
    path("files/<int:pk>/", attachments.download, name="attachment"),
    path("files/<int:pk>/remove/", attachments.remove, name="attachment_remove"),
]
