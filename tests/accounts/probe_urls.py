"""账号测试用的路径：全站路径之外，加几个只为试门的页面。"""
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from rest_framework.decorators import api_view
from rest_framework.response import Response

from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.accounts.roles import Role
from lianluo.urls import handler403, handler404, handler500  # noqa: F401
from lianluo.urls import urlpatterns as every_path


@roles_required(Role.NPC_OFFICE, Role.GOV_OFFICE)
def office_page(request):
    return HttpResponse("办公室的页")


@signed_in
def own_page(request):
    return HttpResponse("本人的页")


@login_required
def plain_page(request):
    return HttpResponse("登录即可的页")


def open_page(request):
    return HttpResponse("公开的页")


@api_view(["GET", "POST"])
def api_probe(request):
    return Response({"name": request.user.name})


urlpatterns = [
    *every_path,
    path("probe/office/", office_page),
    path("probe/own/", own_page),
    path("probe/plain/", plain_page),
    path("probe/open/", open_page),
    path("api/probe/", api_probe),
]
