"""分类办理的地址：方案、调查、整改、可行性评估、会诊、成果、雷同、对接卡。"""
from django.urls import path

from .views import consulting, likeness, outcomes, plan_steps, plans

CASE = "unit/assignments/<int:pk>"
urlpatterns = [
    path(f"{CASE}/plans/solution/consent/", plans.consent, name="plan_consent"),
    path(f"{CASE}/plans/solution/progress/", plans.progress, name="plan_progress"),
    path(f"{CASE}/plans/<slug:kind>/", plans.plan, name="plan"),
    path(f"{CASE}/plans/<slug:kind>/edit/", plans.plan_edit, name="plan_edit"),
    path(f"{CASE}/plans/<slug:kind>/finish/", plans.finish, name="plan_finish"),
    path("unit/plan-steps/<int:pk>/receipt/", plan_steps.receipt, name="step_receipt"),
    path("unit/plan-steps/<int:pk>/report/", plan_steps.report, name="step_report"),
    path("unit/plan-steps/<int:pk>/verify/", plan_steps.verify, name="step_verify"),
    path(f"{CASE}/feasibility/", consulting.feasibility, name="feasibility"),
    path(f"{CASE}/consult/", consulting.consult, name="consult"),
    path("unit/experts/", consulting.experts, name="experts"),
    path("unit/experts/<int:pk>/", consulting.expert_edit, name="expert_edit"),
    path("outcomes/", outcomes.index, name="outcomes"),
    path("outcomes/new/", outcomes.new, name="outcome_new"),
    path("outcomes/<int:pk>/", outcomes.edit, name="outcome_edit"),
    path(f"{CASE}/likeness/", likeness.likeness, name="likeness"),
    path(f"{CASE}/partner-card/", likeness.partner_card, name="partner_card"),
]
