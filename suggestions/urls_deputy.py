"""代表自己的页：写、联名、核对、提交、撤回，以及不必登录的联名链接。"""
from django.urls import path

from .views import cosign, deputy

urlpatterns = [
    path("my/drafts/", deputy.my_drafts, name="my_drafts"),
    path("my/new/", deputy.my_new, name="my_new"),
    path("my/<int:pk>/edit/", deputy.my_edit, name="my_edit"),
    path("my/<int:pk>/cosigners/", deputy.my_cosigners, name="my_cosigners"),
    path("my/<int:pk>/cosigners/ask/", deputy.my_ask, name="my_ask"),
    path("my/<int:pk>/cosigners/<int:row>/remove/", deputy.my_cosigner_remove, name="my_cosigner_remove"),
    path("my/<int:pk>/cosigners/<int:row>/remind/", deputy.my_cosigner_remind, name="my_cosigner_remind"),
    path("my/<int:pk>/take-back/", deputy.my_take_back, name="my_take_back"),
    path("my/<int:pk>/check/", deputy.my_check, name="my_check"),
    path("my/<int:pk>/done/", deputy.my_done, name="my_done"),
    path("my/<int:pk>/discard/", deputy.my_discard, name="my_discard"),
    path("my/cosign/", cosign.cosign_list, name="cosign_list"),
    path("my/cosign/<int:pk>/", cosign.cosign, name="cosign"),
    path("my/c/<str:token>/", cosign.cosign_link, name="cosign_link"),
]
