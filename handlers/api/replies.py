"""答复与评价给出什么：审签经过、版次只给本单位；送达情况代表只看自己的。"""
from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lianluo.rest.outputs import Named
from suggestions.api.serializers import CaseRef, DeputyRef, UserAware, deputy_ref

from .. import letters
from ..access import READS_ALL
from ..models import Evaluation, Reply, ReplyItem, ReplyPromise
from .scopes import inside


class ReplyRow(serializers.ModelSerializer):
    """列表里的一份答复。"""

    suggestion = CaseRef(source="assignment.suggestion", label="件", read_only=True)
    unit = Named(source="assignment.unit", label="承办单位", read_only=True)
    status_name = serializers.CharField(source="get_status_display", label="状态名称", read_only=True)
    result_class = Named(label="办理结果类别", read_only=True, allow_null=True)

    class Meta:
        model = Reply
        fields = [
            "id", "assignment", "suggestion", "unit", "round", "status", "status_name", "result_class",
            "document_number", "signed_on", "delivered_on", "publication", "published_as", "published_at",
            "withheld_reason", "taken_down_at",
        ]


class ReplyItemRow(serializers.ModelSerializer):
    """对一条具体建议的回应。"""

    class Meta:
        model = ReplyItem
        fields = ["request", "adoption", "text"]


class PromiseRow(serializers.ModelSerializer):
    """一项承诺。"""

    class Meta:
        model = ReplyPromise
        fields = ["position", "text", "due_on", "responsible"]


class ApprovalRow(serializers.Serializer):
    """审签的一环。"""

    attempt = serializers.IntegerField(label="第几次送审")
    step = serializers.CharField(label="环节", source="get_step_display")
    version = serializers.IntegerField(label="针对版次")
    agreed = serializers.BooleanField(label="同意", allow_null=True)
    opinion = serializers.CharField(label="意见")
    decider_name = serializers.CharField(label="审签人")
    decided_at = serializers.DateTimeField(label="时间", allow_null=True)


class DeliveryRow(serializers.Serializer):
    """向一名代表的送达。"""

    id = serializers.IntegerField(label="编号")
    suggestion = serializers.IntegerField(label="所属件")
    deputy = DeputyRef(label="代表")
    is_lead = serializers.BooleanField(label="领衔")
    means = serializers.CharField(label="送达方式")
    delivered_on = serializers.DateField(label="送达日期", allow_null=True)
    undeliverable = serializers.CharField(label="无法送达的原因")


class Inside(serializers.Serializer):
    """只给本单位看的：版次、审签经过、先行答复的理由。"""

    version = serializers.IntegerField(label="版次")
    missing_opinions_reason = serializers.CharField(label="会办意见未齐先答复的理由")
    approvals = ApprovalRow(many=True, label="审签")


class ReplyDetail(UserAware, ReplyRow):
    """一份答复的全部。"""

    items = ReplyItemRow(many=True, label="逐条回应", read_only=True)
    promises = PromiseRow(many=True, label="承诺事项", read_only=True)
    letter = serializers.SerializerMethodField(label="答复函全文")
    deliveries = serializers.SerializerMethodField(label="送达")
    inside = serializers.SerializerMethodField(label="内部经过")

    class Meta(ReplyRow.Meta):
        fields = [
            *ReplyRow.Meta.fields, "items", "promises", "opening", "closing", "assist_note", "explanation",
            "publication_reason", "summary", "contact_name", "contact_phone", "copied_to", "letter", "deliveries",
            "void_reason", "taken_down_reason", "inside",
        ]

    def get_letter(self, reply: Reply) -> str:
        return letters.compose(reply).text()

    @extend_schema_field(DeliveryRow(many=True))
    def get_deliveries(self, reply: Reply) -> list[dict]:
        rows = reply.deliveries.all()
        if not (inside(self.user, reply.assignment.unit_id) or self.user.has_role(*READS_ALL)):
            rows = [row for row in rows if row.deputy.account_id == self.user.pk]
        return [
            {"id": row.pk, "suggestion": row.suggestion_id, "deputy": deputy_ref(row.deputy),
             "is_lead": row.is_lead, "means": row.means, "delivered_on": row.delivered_on,
             "undeliverable": row.undeliverable}
            for row in rows
        ]

    @extend_schema_field(Inside(allow_null=True))
    def get_inside(self, reply: Reply) -> dict | None:
        if not inside(self.user, reply.assignment.unit_id):
            return None
        return {
            "version": reply.version, "missing_opinions_reason": reply.missing_opinions_reason,
            "approvals": ApprovalRow(reply.approvals.all(), many=True).data,
        }


class EvaluationRow(UserAware, serializers.ModelSerializer):
    """一份办理意见表。"""

    suggestion = CaseRef(source="delivery.suggestion", label="件", read_only=True)
    unit_name = serializers.CharField(source="reply.assignment.unit_name", label="承办单位", read_only=True)
    deputy = serializers.SerializerMethodField(label="代表")

    class Meta:
        model = Evaluation
        fields = [
            "id", "delivery", "reply", "suggestion", "unit_name", "deputy", "is_lead", "round", "attitude", "outcome",
            "overall", "reasons", "opinion", "contact_means", "on_point", "agrees_to_publish", "by_proxy", "signed_on",
            "submitted_at", "receipt_number",
        ]

    @extend_schema_field(DeputyRef)
    def get_deputy(self, row: Evaluation) -> dict:
        return deputy_ref(row.deputy)
