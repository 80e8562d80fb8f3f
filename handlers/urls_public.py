"""公众看的页：公开的答复、查找、说明；给搜索引擎的两份清单。"""
from django.urls import path

from .views import public

app_name = "public"
urlpatterns = [
    path("", public.home, name="home"),
    path("pub/", public.search, name="search"),
    path("pub/about/", public.about, name="about"),
    path("pub/<str:code>/<str:number>/", public.reply, name="reply"),
    path("robots.txt", public.robots, name="robots"),
    path("sitemap.xml", public.sitemap, name="sitemap"),
]
