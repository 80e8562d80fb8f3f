"""现场办理方案、主题活动、会议研究、责任矩阵、市州局协助的地址。"""
from django.urls import path

from .views import bureaus, field_plans, field_work

urlpatterns = [
    path("unit/field-plans/", field_plans.field_plans, name="field_plans"),
    path("unit/field-plans/<int:pk>/", field_plans.field_plan, name="field_plan"),
    path("unit/field-plans/<int:pk>/edit/", field_plans.field_plan_edit, name="field_plan_edit"),
    path("unit/tags/", field_work.tags, name="tags"),
    path("unit/tags/<int:pk>/", field_work.tag, name="tag"),
    path("unit/meetings/", field_work.unit_meetings, name="unit_meetings"),
    path("unit/responsibility/", field_work.responsible, name="responsibility"),
    path("unit/assignments/<int:pk>/bureaus/", bureaus.ask, name="bureaus"),
    path("unit/bureaus/", bureaus.tasks, name="bureau_tasks"),
    path("unit/bureaus/<int:pk>/", bureaus.receipt, name="bureau_receipt"),
]
