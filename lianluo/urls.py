"""全部路径：每层一个命名空间，各自的路径写在各自的 urls.py。"""
from django.contrib import admin
from django.urls import include, path

from lianluo.home import home, todo

handler400 = "lianluo.web.errors.bad_request"
handler403 = "lianluo.web.errors.forbidden"
handler404 = "lianluo.web.errors.not_found"
handler500 = "lianluo.web.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("home/", home, name="home"),
    path("home/todo/", todo, name="home_todo"),
    path("", include("lianluo.accounts.urls")),
    path("", include("lianluo.web.urls")),
    path("", include("lianluo.workdays.urls")),
    path("", include("lianluo.notices.urls")),
    path("", include("lianluo.operations.urls")),
    path("", include("lianluo.audit.urls")),
    path("", include("suggestions.urls")),
    path("", include("handlers.urls_public")),
    path("", include("handlers.urls_deputy")),
    path("", include("handlers.urls")),
    path("", include("supervision.urls")),
    path("", include("lianluo.api")),
]
