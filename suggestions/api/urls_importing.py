"""导入与附件接口的路径，由 lianluo/api.py 接到 /api/v1/ 下。"""
from django.urls import path

from .importing import AttachmentView, ImportView

urlpatterns = [
    path("suggestions/imports/", ImportView.as_view(), name="suggestion-imports"),
    path("suggestions/<int:pk>/attachments/", AttachmentView.as_view(), name="suggestion-attachments"),
]
