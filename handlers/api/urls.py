"""办理一层的接口，由 lianluo/api.py 一并登记。"""
from django.urls import path

from . import cases, views, views_replies

RESOURCES = (
    ("units", views.UnitResource),
    ("result-classes", views.ResultClassResource),
    ("assignments", views.AssignmentResource),
    ("return-requests", views.ReturnResource),
    ("extensions", views.ExtensionResource),
    ("activities", views.ActivityResource),
    ("opinions", views.OpinionResource),
    ("replies", views_replies.ReplyResource),
    ("evaluations", views_replies.EvaluationResource),
)
urlpatterns = [
    path("suggestions/<int:pk>/propose/", cases.Propose.as_view(), name="suggestion-propose"),
    path("suggestions/<int:pk>/assign/", cases.Assign.as_view(), name="suggestion-assign"),
    path("suggestions/<int:pk>/unassign/", cases.Unassign.as_view(), name="suggestion-unassign"),
    path("dues/<slug:kind>/<int:pk>/", cases.Due.as_view(), name="due"),
]
