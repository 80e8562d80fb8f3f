"""栏目：代表来稿与单位回应；文章页各单位、各办公室都看得到，件只给看得到的人连过去。"""
from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock
from suggestions.models import Suggestion

from ..access import may_in_unit
from ..access_serving import own_unit
from ..actions import serving
from ..forms.serving import ArticleForm, ColumnForm
from ..models import Column, ColumnArticle
from ..reply_lists import READERS
from .serving import UNIT


@require_GET
@roles_required(*UNIT)
def columns(request: HttpRequest) -> HttpResponse:
    """本单位的栏目和文章，新的在前。"""
    unit = own_unit(request.user)
    found = ColumnArticle.objects.filter(column__unit=unit).select_related("column", "deputy__delegation")
    words = request.GET.get("q", "").strip()
    if words:
        found = found.filter(title__contains=words) | found.filter(deputy__name__contains=words)
    context = {
        "unit": unit, "columns": Column.objects.filter(unit=unit).order_by("pk"), "page": paginate(request, found),
        "q": words, "here": "columns", "may_add": may_in_unit(request.user, unit.pk, "appoint"),
        "may_serve": may_in_unit(request.user, unit.pk, "serve"),
    }
    return render_page(request, "handlers/serving/columns.html", None, context)


@roles_required(*UNIT)
def column_new(request: HttpRequest) -> HttpResponse:
    """设一个栏目。"""
    unit, today = own_unit(request.user, "appoint"), clock.today()
    form, status = ColumnForm(request.POST or None), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _added(
            serving.add_column(unit, actor=request.user, today=today, **data)
        ))
        if outcome.ok:
            messages.success(request, "栏目已设")
            return outcome.redirect(reverse("handlers:columns"))
        status = outcome.status
    return render_page(
        request, "handlers/serving/column_new.html", None, {"form": form, "here": "columns"}, status=status
    )


def _added(column: Column) -> str:
    return reverse("handlers:columns")


@roles_required(*UNIT)
def article_new(request: HttpRequest) -> HttpResponse:
    """登一篇。"""
    unit, today = own_unit(request.user, "serve"), clock.today()
    form, status = ArticleForm(request.POST or None, unit=unit, user=request.user, today=today), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _written(form.values(), request.user, today))
        if outcome.ok:
            messages.success(request, "文章已登记")
            return outcome.redirect()
        status = outcome.status
    return render_page(
        request, "handlers/serving/article_new.html", None, {"form": form, "here": "columns"}, status=status
    )


def _written(data: dict, user, today) -> str:
    article = serving.add_article(data.pop("column"), actor=user, today=today, **data)
    return reverse("handlers:article", args=[article.pk])


@require_GET
@roles_required(*READERS)
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """一篇。"""
    found = ColumnArticle.objects.filter(pk=pk).select_related("column__unit", "deputy__delegation", "added_by").first()
    if found is None:
        raise Http404("没有这篇文章")
    case = Suggestion.objects.visible_to(request.user).filter(pk=found.suggestion_id).select_related("session").first()
    context = {"article": found, "case": case, "here": "columns"}
    return render_page(request, "handlers/serving/article.html", None, context)
