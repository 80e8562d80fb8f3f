"""审计查看的地址。"""
from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.index, name="index"),
    path("audit/check/", views.check, name="check"),
    path("audit/heads/", views.heads, name="heads"),
    path("audit/export/", views.export, name="export"),
]
