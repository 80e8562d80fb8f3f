from django.urls import path

from .views import case

urlpatterns = [
    path("s/i/<int:pk>/", case.by_id, name="case_by_id"),
    path("s/i/<int:pk>/reminders/", case.reminders, name="case_reminders"),
    path("s/<str:code>/<str:number>/", case.show, name="case"),
    path("s/<str:code>/<str:number>/<slug:tab>/", case.show, name="case_tab"),
]
