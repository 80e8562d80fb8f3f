"""接口的总入口：路由与说明书。写操作与页面调用同一组动作，读操作从 visible_to 开始。"""
from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from handlers.api import urls as handlers
from lianluo.accounts.decorators import signed_in
from lianluo.notices.api import NoticeResource
from lianluo.rest.schema import Generator
from suggestions.api import urls as suggestions
from supervision.api import urls as supervision

app_name = "api"
FLOORS = (suggestions, handlers, supervision)
router = SimpleRouter()
for floor in FLOORS:
    for prefix, resource in floor.RESOURCES:
        router.register(prefix, resource, basename=resource.slug)
router.register("notices", NoticeResource, basename=NoticeResource.slug)


def importing() -> list:
    """导入与上传附件的地址，先于件的详情。"""
    name = "suggestions.api.urls_importing"
    return import_module(name).urlpatterns if find_spec(name) else []


v1 = [*importing(), *(row for floor in FLOORS for row in floor.urlpatterns), *router.urls]
urlpatterns = [
    path("api/schema/", SpectacularAPIView.as_view(generator_class=Generator), name="schema"),
    path("api/docs/", signed_in(SpectacularSwaggerSplitView.as_view(url_name="api:schema")), name="docs"),
    path("api/v1/", include(v1)),
]
