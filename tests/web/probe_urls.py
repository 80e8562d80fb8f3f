"""只给本目录的测试用的几页：一张会办事的表、几种拒绝、几个占位。"""
from django import forms as django_forms
from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path
from django.utils import timezone

from lianluo.statemachine import DomainError, Forbidden, Incomplete, Missing, Stale
from lianluo.web import forms
from lianluo.web.models import Draft
from lianluo.web.render import render_page
from lianluo.web.submit import submit

handler400 = "lianluo.web.errors.bad_request"
handler403 = "lianluo.web.errors.forbidden"
handler404 = "lianluo.web.errors.not_found"
handler500 = "lianluo.web.errors.server_error"

MISSING = [Missing("单位主要负责人还没有与代表当面沟通", "/talk/", "JT-03"), Missing("联系人电话没有填写")]
REFUSALS = {
    "stale": lambda: Stale("张华已于 2018-04-09 14:03 先行一步"),
    "forbidden": lambda: Forbidden("会办单位不能答复代表"),
    "incomplete": lambda: Incomplete("还不能送签", MISSING),
    "field": lambda: DomainError("编号 0486 已被使用，下一个空号是 0487", field="number"),
    "elsewhere": lambda: DomainError("这一届已封存", field="nothing_like_it"),
}


class CaseForm(forms.Form):
    title = django_forms.CharField(label="标题", max_length=20)
    number = django_forms.IntegerField(label="编号", required=False)


def record_case(request, data: dict) -> str:
    """测试的动作：记下一行；标题是哪种拒绝就拒绝。"""
    Draft.objects.create(account=request.user, key=f"case:{Draft.objects.count()}", title=data["title"],
                         saved_at=timezone.now())
    if data["title"] in REFUSALS:
        raise REFUSALS[data["title"]]()
    return f"/cases/{Draft.objects.count()}/"


def case_page(request):
    form = CaseForm(request.POST or None)
    if request.method == "POST":
        outcome = submit(request, form, lambda data: record_case(request, data))
        if outcome.ok:
            return outcome.redirect()
        return render_page(request, "probe/case.html", "probe/_case.html", {"form": form}, status=outcome.status)
    return render_page(request, "probe/case.html", "probe/_case.html", {"form": form})


def refuse(request, kind: str):
    raise REFUSALS[kind]()


def break_down(request):
    raise RuntimeError("故障")


def place(request, **kwargs):
    return HttpResponse("占位")


urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("lianluo.accounts.urls")),
    path("", include("lianluo.web.urls")),
    path("home/", place, name="home"),
    path("case/", case_page, name="case"),
    path("refuse/<slug:kind>/", refuse),
    path("api/refuse/<slug:kind>/", refuse),
    path("broken/", break_down),
    path("s/", include(([path("", place, name="list"), path("review/", place, name="review")], "suggestions"))),
    path("", include(([path("", place, name="home")], "public"))),
]
