"""交办、签收、退回、延期的路径。"""
from django.urls import path

from .views import batching, board, deciding, dues, inbox, meeting, receiving

urlpatterns = [
    path("office/board/", board.board, name="board"),
    path("office/board/batch/", batching.batch, name="board_batch"),
    path("office/board/<int:pk>/", board.act, name="board_act"),
    path("office/board/<int:pk>/resume/", board.resume, name="board_resume"),
    path("office/board/<int:pk>/unassign/", board.unassign, name="unassign"),
    path("office/meetings/", meeting.index, name="meetings"),
    path("office/meetings/new/", meeting.create, name="meeting_new"),
    path("office/meetings/<int:pk>/", meeting.show, name="meeting"),
    path("office/meetings/<int:pk>/edit/", meeting.edit, name="meeting_edit"),
    path("office/meetings/<int:pk>/announce/", meeting.announce, name="meeting_announce"),
    path("office/meetings/<int:pk>/hand-over/", meeting.hand_over, name="meeting_hand_over"),
    path("office/meetings/<int:pk>/print/", meeting.print_lists, name="meeting_print"),
    path("office/meetings/<int:pk>/print/<int:unit_pk>/", meeting.print_lists, name="meeting_print_unit"),
    path("office/objections/<int:pk>/", deciding.objection, name="objection"),
    path("office/returns/", deciding.returns, name="returns"),
    path("office/returns/<int:pk>/", deciding.decide_return, name="return_decision"),
    path("office/extensions/", deciding.extensions, name="extensions"),
    path("office/extensions/<int:pk>/", deciding.decide_extension, name="extension_decision"),
    path("office/assignments/<int:pk>/late-return/", deciding.permit_late_return, name="late_return"),
    path("office/due/<slug:kind>/<int:pk>/", dues.explain, name="due"),
    path("unit/", inbox.inbox, name="inbox"),
    path("unit/accept/", inbox.accept, name="accept"),
    path("unit/export/", inbox.export, name="inbox_export"),
    path("unit/proposals/", receiving.proposals, name="proposals"),
    path("unit/proposals/<int:pk>/", receiving.object_to, name="proposal"),
    path("unit/assignments/<int:pk>/return/", receiving.request_return, name="return_request"),
    path("unit/returns/<int:pk>/", receiving.return_done, name="return_done"),
    path("unit/assignments/<int:pk>/extension/", receiving.request_extension, name="extension_request"),
    path("unit/extensions/<int:pk>/", receiving.extension_done, name="extension_done"),
]
