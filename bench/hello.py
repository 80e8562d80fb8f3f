"""什么也不做的 Django 视图：没有中间件、没有数据库。各页的速度都与它在同一次运行里比。"""
import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(
        DEBUG=False, SECRET_KEY="hello", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, MIDDLEWARE=[], USE_TZ=True
    )
    django.setup()


def hello(request):
    return HttpResponse("你好")


urlpatterns = [path("", hello)]
application = WSGIHandler()
