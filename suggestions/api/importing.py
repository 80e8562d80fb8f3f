"""导入与附件的接口。与页面、命令调用同一组动作；太大的请求在认证与解析之前就拒收。"""
from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lianluo.congresses.models import current_session, session_by_code
from lianluo.documents.archives import IMPORT, MB
from lianluo.documents.uploads import attachment_limits
from lianluo.rest.inputs import Input
from lianluo.rest.once import once
from lianluo.rest.parsers import TooLarge
from lianluo.workdays import clock

from .. import access
from ..actions import attaching, importing
from ..importing import report as reports
from ..importing.report import Report
from ..models import Attachment, ImportBatch, Purpose

#: 表单边界与其余几项所占的字节
OVERHEAD = MB // 8
MODES = (("all", "全部正确才导入"), ("good", "只导入正确的行"))
SLOTS = [(one.value, one.label) for one in (Purpose.MATERIAL, Purpose.ORIGINAL)]
UNPROCESSABLE = status.HTTP_422_UNPROCESSABLE_ENTITY


class BoundedUpload(APIView):
    """声明的长度超过上限的，一个字节也不读。"""

    parser_classes = [MultiPartParser]
    noun = "导入"

    def most(self) -> int:
        raise NotImplementedError

    def initial(self, request: Request, *args, **kwargs) -> None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > self.most() + OVERHEAD:
            raise TooLarge(f"文件超过 {self.most() // MB} MB，缩小或分成几份后再上传")
        super().initial(request, *args, **kwargs)


class ImportInput(Input):
    """导入的几项。"""

    file = serializers.FileField(
        label="文件", required=False, allow_empty_file=True, help_text=".xlsx 或 .csv，10 MB 以内"
    )
    mode = serializers.ChoiceField(
        MODES, label="怎样导入", default="all", help_text="all 全部正确才导入，good 只导入正确的行"
    )
    create_deputies = serializers.BooleanField(label="新建代表", default=False, help_text="名册里没有的代表，新建")
    dry_run = serializers.BooleanField(label="只预检", default=False, help_text="只预检，不写入")
    session = serializers.CharField(
        label="届次", default="", allow_blank=True, max_length=12, help_text="届-次，如 14-4；默认本次会议"
    )


class ProblemOutput(serializers.Serializer):
    """一处问题或提醒；三个位置都空，说的是整份文件。"""

    sheet = serializers.CharField(label="工作表", allow_null=True)
    cell = serializers.CharField(label="格", allow_null=True)
    line = serializers.IntegerField(label="行", allow_null=True)
    message = serializers.CharField(label="一句话")


class ImportOutput(serializers.Serializer):
    """导入的结果，与命令 import_suggestions 的 JSON 相同。"""

    ok = serializers.BooleanField(label="收下了", help_text="只预检时是“会收下”")
    rows_ok = serializers.IntegerField(label="正确的行", help_text="新旧都算")
    created = serializers.IntegerField(label="新增")
    updated = serializers.IntegerField(label="更新")
    unchanged = serializers.IntegerField(label="不变")
    errors = ProblemOutput(label="问题", many=True)
    warnings = ProblemOutput(label="提醒", many=True)


class Refused(Exception):
    """没有收下：办的事一并退回，“只办一次”的键也不留。"""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


class ImportView(BoundedUpload):
    """导入一张建议表。"""

    def most(self) -> int:
        return IMPORT.sent

    def handle_exception(self, error: Exception) -> Response:
        """没有收下的、太大的，也用同一种 JSON 说。"""
        if isinstance(error, Refused):
            return Response(error.report.as_dict(), status=UNPROCESSABLE)
        if isinstance(error, TooLarge):
            return Response(reports.of_sentence(str(error.detail)).as_dict(), status=error.status_code)
        return super().handle_exception(error)

    @extend_schema(
        operation_id="suggestions_import", summary="导入一张建议表", request={"multipart/form-data": ImportInput},
        responses={
            201: ImportOutput, 422: OpenApiResponse(ImportOutput, "没有收下，问题指到格"),
            413: OpenApiResponse(ImportOutput, "超过 10 MB"),
        },
    )
    def post(self, request: Request) -> Response:
        if not access.may(request.user, "import"):
            raise PermissionDenied("导入建议不归此账号办理")
        given = ImportInput(data=request.data)
        if not given.is_valid():
            raise Refused(reports.of_sentence(_sentence(given)))
        data = given.validated_data
        report = _import(request, data) if data["dry_run"] else self._once(request, data)
        return Response(report.as_dict(), status=status.HTTP_201_CREATED)

    def _once(self, request: Request, data: dict) -> Report:
        """带着同一个键再来的，给第一次的结果。"""
        done = once(request, lambda: _import(request, data), lambda report: str(report.batch_id or ""))
        batch = ImportBatch.objects.filter(pk=done.first_url).first() if done.first_url else None
        return reports.of_batch(batch) if batch else done.result


def _import(request: Request, data: dict) -> Report:
    session = session_by_code(data["session"]) if data["session"] else current_session()
    if session is None:
        raise Refused(reports.of_sentence("没有这次会议，session 写成 14-4 的样子"))
    upload = data.get("file")
    report = importing.import_file(
        upload, name=getattr(upload, "name", "") or "", session=session, good_rows_only=data["mode"] == "good",
        create_deputies=data["create_deputies"], dry_run=data["dry_run"], actor=request.user, today=clock.today(),
    )
    if not report.ok:
        raise Refused(report)
    return report


def _sentence(given: serializers.Serializer) -> str:
    """表单项的问题连成一句。"""
    return "；".join(str(one) for rows in given.errors.values() for one in rows)


class AttachmentInput(Input):
    """一份附件。"""

    file = serializers.FileField(label="文件", required=False, allow_empty_file=True, help_text="20 MB 以内")
    purpose = serializers.ChoiceField(SLOTS, label="用途", default=Purpose.MATERIAL.value)


class AttachmentOutput(serializers.ModelSerializer):
    """收下的附件。"""

    class Meta:
        model = Attachment
        fields = ["id", "shown_name", "purpose", "content_type", "size", "sha256", "added_at"]


class AttachmentView(BoundedUpload):
    """给一件加一份附件。"""

    noun = "附件"

    def most(self) -> int:
        return attachment_limits().sent

    @extend_schema(
        operation_id="suggestion_attach", summary="给一件加一份附件",
        request={"multipart/form-data": AttachmentInput}, responses={201: AttachmentOutput},
    )
    def post(self, request: Request, pk: int) -> Response:
        suggestion = access.access_attaching(request.user, pk)
        given = AttachmentInput(data=request.data)
        if not given.is_valid():
            return Response({"detail": _sentence(given)}, status=UNPROCESSABLE)
        data = given.validated_data
        done = once(request, lambda: attaching.add_attachment(
            suggestion, data.get("file"), purpose=data["purpose"], actor=request.user
        ), lambda row: str(row.pk))
        attachment = done.result or Attachment.objects.get(pk=done.first_url, suggestion=suggestion)
        return Response(AttachmentOutput(attachment).data, status=status.HTTP_201_CREATED)
