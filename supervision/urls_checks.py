"""督查督办、困难、单位自查的地址。"""
from django.urls import path

from .views import checks, self_check

urlpatterns = [
    path("unit/self-check/", self_check.four, name="self_check"),
    path("checks/", checks.board, name="checks"),
    path("checks/<int:pk>/", checks.check, name="check"),
    path("checks/cases/<int:pk>/", checks.check_result, name="check_result"),
    path("unit/assignments/<int:pk>/difficulties/new/", checks.difficulty_new, name="difficulty_new"),
    path("ledger/<int:pk>/coordinate/", checks.difficulty_coordinate, name="difficulty_coordinate"),
    path("ledger/<int:pk>/settle/", checks.difficulty_settle, name="difficulty_settle"),
]
