"""督办一层的接口，由 lianluo/api.py 一并登记。"""
from django.urls import path

from . import views

RESOURCES = (("ledger", views.LedgerResource),)
urlpatterns = [
    path("suggestions/<int:pk>/timeline/", views.Timeline.as_view(), name="suggestion-timeline"),
]
