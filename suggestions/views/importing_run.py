"""导入的第四步：写入、进度、结果、批注副本、撤销。"""
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.documents import workbooks
from lianluo.documents.downloads import bytes_response
from lianluo.documents.filenames import split_extension
from lianluo.documents.problems import Problem
from lianluo.web import forms
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from ..actions import importing, undoing_import
from ..forms.importing import ALL, GOOD, StartForm
from ..importing import deciding, progress, running
from ..models import ImportBatch, Suggestion
from .importing import IMPORT_ROLES, check_page, find
from .importing_pages import STEPS
from .pressing import posted, press

STOP_POLLING = 286
LISTED = 20


@require_POST
@roles_required(*IMPORT_ROLES)
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """定下怎样导入，写入放到后台，页面去看进度。"""
    batch = find(request, pk)
    counts = batch.report["counts"]
    good = counts[deciding.NEW] + counts[deciding.UPDATE] + counts[deciding.SAME]
    form = StartForm(request.POST, good=good, left=counts[deciding.BAD] + counts[deciding.CONFLICT])
    if batch.report["clean"]:
        form.fields["mode"].required = False
    outcome = submit(request, form, lambda data: _claim(request, batch, data["mode"]))
    if not outcome.ok and not batch.started_at:
        return check_page(request, batch, form, status=outcome.status)
    return outcome.redirect(reverse("suggestions:import_run", args=[pk]))


def _claim(request: HttpRequest, batch: ImportBatch, mode: str) -> str:
    importing.claim_import(batch, good_rows_only=(mode or ALL) == GOOD, actor=request.user)
    running.run_soon(batch.pk)
    return reverse("suggestions:import_run", args=[batch.pk])


@require_POST
@roles_required(*IMPORT_ROLES)
def import_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """没有写成、中途断了的，照原来的选择再来一次。"""
    batch = find(request, pk)
    mode = GOOD if batch.good_rows_only else ALL
    return press(request, lambda: _claim(request, batch, mode), reverse("suggestions:import_run", args=[pk]))


@require_POST
@roles_required(*IMPORT_ROLES)
def import_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """停下正在写的：整个事务回滚，一行也没有。"""
    batch = find(request, pk)
    if batch.started_at and not batch.finished_at:
        progress.ask_to_stop(pk)
        messages.info(request, "正在停止，停下后一行也不会留下")
    return redirect("suggestions:import_run", pk=pk)


@require_GET
@roles_required(*IMPORT_ROLES)
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """第 4 步：没写完看进度，写完看结果；地址不变，关了页面还能回来。轮询时只给片段。"""
    batch = find(request, pk)
    if batch.started_at is None:
        return redirect("suggestions:import_check", pk=pk)
    context = {"batch": batch, "steps": STEPS, **_standing(batch)}
    if request.headers.get("HX-Request") == "true":
        status = 200 if context["state"] == "running" else STOP_POLLING
        return render(request, "suggestions/importing/_import_progress.html", context, status=status)
    return render_page(request, "suggestions/importing/run.html", None, context)


def _standing(batch: ImportBatch) -> dict:
    """现在到哪一步：正在写、没有写成、中断、写完、已撤销。"""
    if batch.finished_at:
        return {"state": "undone" if batch.undone_at else "done", **_result(batch)}
    if batch.failure:
        return {"state": "failed"}
    if importing.is_interrupted(batch):
        return {"state": "interrupted"}
    total = max(_total(batch), 1)
    done = min(progress.done(batch.pk), total)
    return {"state": "running", "done": done, "total": total, "percent": done * 100 // total}


def _total(batch: ImportBatch) -> int:
    """要处理的行：正确的行，连同不变的。"""
    counts = batch.report["counts"]
    return counts[deciding.NEW] + counts[deciding.UPDATE] + counts[deciding.SAME]


def _result(batch: ImportBatch) -> dict:
    counts = batch.report["result"]
    cases = Suggestion.objects.filter(batch=batch).select_related("session", "lead_deputy").order_by("pk")[:LISTED]
    return {
        "counts": counts, "cases": list(cases), "left": counts[deciding.BAD] + counts[deciding.CONFLICT],
        "notes": batch.report.get("notes", []), "people": batch.report["people"],
        "undo_until": undoing_import.undo_until(batch), "why_not": undoing_import.why_not(batch, timezone.now()),
    }


@require_GET
@roles_required(*IMPORT_ROLES)
def import_annotated(request: HttpRequest, pk: int) -> HttpResponse:
    """批注副本：错的格标红加批注，第一列写明问题；改好可以直接再传。"""
    batch = find(request, pk)
    problems = [Problem(**one) for one in batch.report["errors"]]
    content = workbooks.annotate(
        importing.content_of(batch), problems, header_line=batch.report["header_line"]
    )
    stem = split_extension(batch.file_name)[0]
    return bytes_response(content, workbooks.XLSX_TYPE, f"{stem}（批注）.xlsx")


@require_http_methods(["GET", "POST"])
@roles_required(*IMPORT_ROLES)
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销整批：先看清会撤掉什么，再撤。"""
    batch = find(request, pk)
    run = reverse("suggestions:import_run", args=[pk])
    if batch.finished_at is None or batch.undone_at:
        return redirect(run)
    form, status = forms.Form(posted(request)), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _undo(request, batch))
        if outcome.ok:
            return outcome.redirect(run)
        status = outcome.status
    return render_page(
        request, "suggestions/importing/undo.html", None, {"batch": batch, "form": form, **_result(batch)},
        status=status,
    )


def _undo(request: HttpRequest, batch: ImportBatch) -> str:
    undoing_import.undo_import(batch, actor=request.user, today=clock.today())
    return reverse("suggestions:import_run", args=[batch.pk])
