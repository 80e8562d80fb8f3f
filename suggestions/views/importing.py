"""Excel 批量导入的前三步：下载模板与选文件、对应列、预检。"""
from __future__ import annotations

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.documents import workbooks
from lianluo.documents.archives import IMPORT, MB
from lianluo.documents.downloads import bytes_response
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import access
from ..actions import importing
from ..forms.importing import ALL, UploadForm
from ..importing import columns
from ..models import Delegation, ImportBatch, PublishWish, SuggestionKind
from .importing_pages import OVERSIZE, STEPS, preview_context
from .pressing import press

IMPORT_ROLES = access.CAPABILITIES["import"]
OVERHEAD = MB // 8
LISTED = 10
TEMPLATE_NAME = "建议导入模板.xlsx"
NOTES = (
    "第一行是列名，不要改；第二行以※开头的是说明，导入时略过。",
    "必须有：标题、领衔代表、代表团、内容。其余各列可以空着，也可以整列删去。",
    "序号只是行号，不是编号。",
)


def find(request: HttpRequest, pk: int) -> ImportBatch:
    """一个批次；办导入的人都看得到（交接班时接着办）。"""
    batch = ImportBatch.objects.select_related("session__term__congress", "made_by").filter(pk=pk).first()
    if batch is None:
        raise Http404("没有这次导入，或者已经丢弃")
    return batch


def unparsed_if_large(view):
    """太大的请求在解析之前拒收：校验令牌要读表单，所以先看长度，再校验。"""
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def bounded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > IMPORT.sent + OVERHEAD:
            return _too_large(request)
        return checked(request, *args, **kwargs)

    return bounded


def _too_large(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated or not access.may(request.user, "import"):
        raise PermissionDenied("导入建议不归当前账号办理")
    form = UploadForm({})
    form.is_valid()
    form.errors.clear()
    form.add_error("file", OVERSIZE)
    return _home(request, form, status=413)


@unparsed_if_large
@require_http_methods(["GET", "POST"])
@roles_required(*IMPORT_ROLES)
def import_home(request: HttpRequest) -> HttpResponse:
    """第 1 步：下载模板、选文件，上传即预检。"""
    if request.method == "GET":
        return _home(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    outcome = submit(request, form, lambda data: _start(request, data))
    return outcome.redirect() if outcome.ok else _home(request, form, status=outcome.status)


def _start(request: HttpRequest, data: dict) -> str:
    batch = importing.start_import(
        data["file"], session=data["session"], create_deputies=data["create_deputies"], actor=request.user,
        today=clock.today(),
    )
    return reverse("suggestions:import_columns", args=[batch.pk])


def _home(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    recent = ImportBatch.objects.defer("report").select_related("made_by", "session")[:LISTED]
    return render_page(request, "suggestions/importing/start.html", None, {
        "form": form, "steps": STEPS, "recent": [_recent(batch) for batch in recent],
        "template_columns": [column for column in columns.template() if column.note or column.choices],
        "required": [field.heading for field in columns.FIELDS if field.required],
    }, status=status)


def _recent(batch: ImportBatch) -> dict:
    """最近的批次，点开回到它停下的那一步。"""
    name = "suggestions:import_run" if batch.started_at else "suggestions:import_check"
    if batch.undone_at:
        state = ("已撤销", "grey")
    elif batch.finished_at:
        state = ("已导入", "plain")
    elif batch.failure:
        state = ("没有写成", "red")
    else:
        state = ("正在导入", "blue") if batch.started_at else ("待确认", "yellow")
    return {"batch": batch, "url": reverse(name, args=[batch.pk]), "state": state}


@require_GET
@roles_required(*IMPORT_ROLES)
def import_template(request: HttpRequest) -> HttpResponse:
    """空白模板：列次序同导出，形式、公开意愿、代表团做成下拉。"""
    lists = {
        "形式": list(SuggestionKind.labels), "同意公开": list(PublishWish.labels),
        "代表团": list(Delegation.objects.values_list("name", flat=True)),
    }
    content = workbooks.write_workbook(
        "建议", columns.template(), [], notes=NOTES, lists=lists, filename=TEMPLATE_NAME, note_row=True
    )
    return bytes_response(content, workbooks.XLSX_TYPE, TEMPLATE_NAME)


@require_GET
@roles_required(*IMPORT_ROLES)
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """第 2 步：文件的哪一列对应哪一项，哪些不导入，哪些没有。"""
    batch = find(request, pk)
    shown = [one for one in batch.report["columns"] if not one["hidden"]]
    present = {one["key"] for one in batch.report["columns"]}
    return render_page(request, "suggestions/importing/columns.html", None, {
        "batch": batch, "steps": STEPS, "columns": shown,
        "unknown": [one for one in batch.report["warnings"] if "不认识的列" in one["message"]],
        "absent": [
            field.heading for field in columns.FIELDS if field.key not in present and not field.key.startswith("_")
        ],
        "exported": "_id" in present,
    })


@require_GET
@roles_required(*IMPORT_ROLES)
def import_check(request: HttpRequest, pk: int) -> HttpResponse:
    """第 3 步：预检。问题指到格，更新的逐格说出原来与现在。"""
    batch = find(request, pk)
    if batch.started_at:
        return redirect("suggestions:import_run", pk=pk)
    return check_page(request, batch)


def check_page(request: HttpRequest, batch: ImportBatch, form=None, status: int = 200) -> HttpResponse:
    context = preview_context(request, batch, form)
    return render_page(
        request, "suggestions/importing/check.html", "suggestions/importing/_import_preview.html", context,
        status=status,
    )


@require_POST
@roles_required(*IMPORT_ROLES)
def import_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """采用一处改法，或者全部采用；原文件不动，导入时按改法读。"""
    batch, place = find(request, pk), request.POST.get("place", "")
    places = None if place == ALL else [place]

    def adopt() -> None:
        importing.adopt_proposals(batch, places=places, actor=request.user, today=clock.today())

    return press(request, adopt, reverse("suggestions:import_check", args=[pk]), done="已采用，并重新预检")


@require_POST
@roles_required(*IMPORT_ROLES)
def import_options(request: HttpRequest, pk: int) -> HttpResponse:
    """改“新建代表”的选项，或者名册改过之后再预检一遍。"""
    batch, chosen = find(request, pk), request.POST.get("create_deputies")
    create = {"yes": True, "no": False}.get(chosen)

    def check() -> None:
        importing.recheck_import(batch, create_deputies=create, actor=request.user, today=clock.today())

    return press(request, check, reverse("suggestions:import_check", args=[pk]), done="已重新预检")


@require_POST
@roles_required(*IMPORT_ROLES)
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """不导入了。"""
    batch, home = find(request, pk), reverse("suggestions:import")

    def discard() -> str:
        importing.discard_import(batch, actor=request.user)
        return home

    return press(request, discard, reverse("suggestions:import_check", args=[pk]), done="已丢弃，没有导入任何一行")
