"""代表自己的页：我的建议、办理经过、答复、评价；不必登录的个人链接。"""
from django.urls import path

from .views import my, my_serving, rating

app_name = "deputy"
urlpatterns = [
    path("my/", my.home, name="home"),
    path("my/<int:pk>/", my.case, name="case"),
    path("my/replies/<int:pk>/", my.reply, name="reply"),
    path("my/contacts/<int:pk>/deny/", my.deny, name="deny"),
    path("my/contacts/<int:pk>/deny/take-back/", my.take_back_denial, name="take_back_denial"),
    path("my/messages/", my_serving.messages, name="messages"),
    path("my/messages/<int:pk>/", my_serving.thread, name="thread"),
    path("my/invitations/", my_serving.invitations, name="invitations"),
    path("my/invitations/<int:pk>/", my_serving.invitation, name="invitation"),
    path("my/rate/<int:pk>/", rating.rate, name="rate"),
    path("my/rate/<int:pk>/receipt/", rating.receipt, name="receipt"),
    path("r/<str:token>/", rating.rate_link, name="link"),
]
