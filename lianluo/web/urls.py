from django.urls import path

from . import views

app_name = "web"

urlpatterns = [
    path("web/display/", views.change_display, name="display"),
    path("web/session/", views.session_state, name="session"),
    path("web/drafts/", views.list_drafts, name="drafts"),
    path("web/drafts/save/", views.save_draft, name="draft_save"),
    path("web/drafts/<int:pk>/drop/", views.drop_draft, name="draft_drop"),
    path("web/keys/", views.keys_page, name="keys"),
    path("web/styles/", views.style_page, name="styles"),
    path("web/styles/try/", views.try_form, name="styles_try"),
]
