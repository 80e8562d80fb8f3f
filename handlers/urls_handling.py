"""办理一段的地址：分派、沟通、会办意见、答复、审签、送达、公开。"""
from django.urls import path

from .views import approving, assisting, contacting, delivering, planning, publishing, replying

urlpatterns = [
    path("unit/assignments/<int:pk>/allot/", planning.allot, name="allot"),
    path("unit/assignments/<int:pk>/contacts/new/", contacting.activity_new, name="activity_new"),
    path("unit/assignments/<int:pk>/opinion/", assisting.opinion, name="opinion"),
    path("unit/assignments/<int:pk>/opinion/send/", assisting.opinion_send, name="opinion_send"),
    path("unit/assignments/<int:pk>/opinions/", assisting.opinions, name="opinions"),
    path("unit/assignments/<int:pk>/urge/", assisting.opinion_urge, name="opinion_urge"),
    path("unit/opinions/<int:pk>/adopt/", assisting.opinion_adopt, name="opinion_adopt"),
    path("unit/opinions/<int:pk>/again/", assisting.opinion_again, name="opinion_again"),
    path("unit/assignments/<int:pk>/reply/", replying.reply_edit, name="reply_edit"),
    path("unit/replies/<int:pk>/submit/", replying.reply_submit, name="reply_submit"),
    path("unit/replies/<int:pk>/approve/", approving.approve, name="reply_approve"),
    path("unit/replies/<int:pk>/void/", approving.void, name="reply_void"),
    path("unit/replies/<int:pk>/deliver/", delivering.deliver, name="deliver"),
    path("unit/replies/<int:pk>/sealed/", delivering.attach_sealed, name="reply_sealed"),
    path("unit/replies/<int:pk>/versions/<int:number>/", replying.reply_version, name="reply_version"),
    path("contacts/", contacting.activities, name="activities"),
    path("contacts/<int:pk>/", contacting.activity, name="activity"),
    path("contacts/<int:pk>/edit/", contacting.activity_edit, name="activity_edit"),
    path("replies/", replying.replies, name="replies"),
    path("replies/<int:pk>/", replying.reply, name="reply"),
    path("replies/<int:pk>/delivered/", delivering.delivered, name="reply_delivered"),
    path("replies/<int:pk>/print/", replying.reply_print, name="reply_print"),
    path("office/publishing/", publishing.review_list, name="publishing"),
    path("office/publishing/<int:pk>/", publishing.review, name="publish"),
    path("office/publishing/<int:pk>/take-down/", publishing.take_down, name="take_down"),
]
