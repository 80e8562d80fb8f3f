"""审计查看：谁在何时从哪里做了什么、改前改后、导出、校验、每日锚定。只给审计管理员。"""
from __future__ import annotations

import csv
from collections.abc import Iterator

from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.documents.csvtext import neutralise
from lianluo.documents.filenames import content_disposition
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.workdays import clock

from . import keyset, record
from .filters import AuditFilter
from .models import AuditEvent, AuditHead
from .reading import read
from .verify import verify

auditor_only = roles_required(Role.AUDITOR)
#: 一次至多导出这么多条，更多的按时间分段
MOST_EXPORTED = 100_000
COLUMNS = (
    "流水号", "时间", "操作人", "单位或身份", "事件", "对象种类", "对象", "理由", "内容", "来源地址", "请求号", "链",
    "链内序号", "摘要",
)


def _filtered(request: HttpRequest) -> AuditFilter:
    return AuditFilter(request.GET, queryset=AuditEvent.objects.all(), request=request)


@require_GET
@auditor_only
def index(request: HttpRequest) -> HttpResponse:
    """新的在前；不数总数。"""
    shown = _filtered(request)
    page = keyset.page_of(shown.qs, request.GET)
    context = {
        "filter": shown, "page": page, "readings": [read(event) for event in page.rows], "most": MOST_EXPORTED,
        "checked": AuditEvent.objects.filter(event="audit.verified").order_by("-pk").first(),
    }
    return render_page(request, "audit/index.html", "audit/_audit_events.html", context)


@require_POST
@auditor_only
def check(request: HttpRequest) -> HttpResponse:
    """校验留痕：重算每一条，结果记下，回到列表。"""
    count, broken = verify()
    with transaction.atomic():
        record(
            "audit.verified", actor=request.user, target=request.user, events=count,
            broken={"chain": broken.chain, "seq": broken.seq, "why": broken.why} if broken else None,
        )
    return redirect("audit:index")


@require_GET
@auditor_only
def heads(request: HttpRequest) -> HttpResponse:
    """每日锚定。"""
    return render_page(request, "audit/heads.html", None, {"page": paginate(request, AuditHead.objects.all())})


@require_GET
@auditor_only
def export(request: HttpRequest) -> StreamingHttpResponse:
    """导出筛选出来的，边查边写，表格软件不会当公式。"""
    rows = _filtered(request).qs.order_by("-pk")[:MOST_EXPORTED]
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition(f"留痕{clock.today():%Y%m%d}.csv")
    response["X-Content-Type-Options"], response["Cache-Control"] = "nosniff", "private, no-store"
    return response


class _Echo:
    """csv 写到哪里就从哪里取回。"""

    def write(self, text: str) -> str:
        return text


def _lines(rows) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for event in rows.iterator(chunk_size=2000):
        yield writer.writerow([neutralise(str(cell)) for cell in _cells(event)])


def _cells(event: AuditEvent) -> tuple:
    reading = read(event)
    at = event.at.astimezone(clock.BEIJING)
    return (
        event.pk, f"{at:%Y-%m-%d %H:%M:%S}", event.actor_name, event.actor_post, event.sentence, reading.kind,
        event.target_name, reading.reason, reading.text, event.ip, event.request_id, event.chain, event.seq, event.hash,
    )
