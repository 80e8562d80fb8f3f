"""评价与再办理的路径：办公室的列表、催填、代录、评价单、要求重办、协调评估。"""
from django.urls import path

from .views import evaluating, proxy, rehandling, slips

urlpatterns = [
    path("office/evaluations/", evaluating.evaluations, name="evaluations"),
    path("office/evaluations/urge/", evaluating.urge_many, name="evaluation_urge_many"),
    path("office/evaluations/<int:pk>/urge/", evaluating.urge, name="evaluation_urge"),
    path("office/evaluations/<int:pk>/proxy/", proxy.proxy, name="proxy"),
    path("office/evaluations/<int:pk>/proxy/done/", proxy.proxy_done, name="proxy_done"),
    path("office/evaluations/<int:pk>/slip/", slips.slip, name="evaluation_slip"),
    path("office/replies/<int:pk>/slips/", slips.slips, name="evaluation_links"),
    path("office/assignments/<int:pk>/again/", rehandling.again, name="again"),
    path("office/assignments/<int:pk>/again/done/", rehandling.again_done, name="again_done"),
    path("office/escalated/", rehandling.escalated, name="escalated"),
    path("office/escalated/<int:pk>/", rehandling.escalation, name="escalation"),
    path("office/escalated/<int:pk>/done/", rehandling.escalation_done, name="escalation_done"),
]
