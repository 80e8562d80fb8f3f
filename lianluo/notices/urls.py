from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.list_notices, name="list"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/read/", views.read_one, name="read"),
    path("notices/<int:pk>/done/", views.done_one, name="done"),
    path("notices/preferences/", views.preferences, name="preferences"),
    path("notices/sendings/", views.list_sendings, name="sendings"),
    path("notices/sendings/<slug:kind>/<int:pk>/retry/", views.retry_sending, name="retry"),
]
