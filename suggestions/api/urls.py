"""提出一层的接口，由 lianluo/api.py 一并登记。"""
from . import views

RESOURCES = (
    ("suggestions", views.SuggestionResource),
    ("deputies", views.DeputyResource),
    ("delegations", views.DelegationResource),
    ("categories", views.CategoryResource),
    ("sessions", views.SessionResource),
)
urlpatterns: list = []
