"""督办一层给出什么：台账条目、还差什么、历次销号、进展；件的时间线。"""
from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lianluo.rest.outputs import Lit, Named
from lianluo.rest.schema import MissingItem
from suggestions.api.serializers import CaseRef

from ..conditions import conditions
from ..models import LedgerEntry, LedgerProgress, SigningOff


class LedgerRow(Lit, serializers.ModelSerializer):
    """列表里的一条台账。"""

    suggestion = CaseRef(label="件", read_only=True)
    unit = Named(label="责任单位", read_only=True, allow_null=True)
    kind_name = serializers.CharField(source="get_kind_display", label="种类名称", read_only=True)
    status_name = serializers.CharField(source="get_status_display", label="状态名称", read_only=True)

    class Meta:
        model = LedgerEntry
        fields = [
            "id", "kind", "kind_name", "suggestion", "assignment", "unit", "what", "status", "status_name", "opened_on",
            "due_on", "light", "signed_off_on", "closed_reason", "closed_on",
        ]

    def is_done(self, row: LedgerEntry) -> bool:
        return row.status == "signed_off" or row.closed_on is not None


class SigningOffRow(serializers.ModelSerializer):
    """一次销号申请及其核准。"""

    applied_by = serializers.CharField(source="applied_by.name", label="申请人", read_only=True)
    decided_by = serializers.CharField(source="decided_by.name", label="核准人", read_only=True, allow_null=True)

    class Meta:
        model = SigningOff
        fields = [
            "id", "statement", "applied_on", "applied_by", "granted", "decision_note", "decided_on", "decided_by",
            "reopened_on", "reopen_reason",
        ]


class ProgressRow(serializers.ModelSerializer):
    """一条进展。"""

    added_by = serializers.CharField(source="added_by.name", label="填报人", read_only=True)

    class Meta:
        model = LedgerProgress
        fields = ["id", "text", "figure", "evidence", "happened_on", "added_by", "added_at"]


class LedgerDetail(LedgerRow):
    """一条台账的全部。"""

    missing = serializers.SerializerMethodField(label="还差什么")
    signing_offs = SigningOffRow(many=True, label="销号", read_only=True)
    progress = ProgressRow(many=True, label="进展", read_only=True)

    class Meta(LedgerRow.Meta):
        fields = [*LedgerRow.Meta.fields, "missing", "signing_offs", "progress"]

    @extend_schema_field(MissingItem(many=True))
    def get_missing(self, row: LedgerEntry) -> list[dict]:
        if self.is_done(row):
            return []
        return [{"sentence": item.sentence, "code": item.code} for item in conditions(row)]


class TimelineRow(serializers.Serializer):
    """时间线上的一条。"""

    seq = serializers.IntegerField(label="序号")
    at = serializers.DateTimeField(label="时间")
    event = serializers.CharField(label="事件")
    sentence = serializers.CharField(label="一句话")
    actor_name = serializers.CharField(label="操作人")
    actor_post = serializers.CharField(label="操作人身份")
    target_name = serializers.CharField(label="对象")
    source = serializers.CharField(label="原状态")
    target_state = serializers.CharField(label="新状态")
    reason = serializers.CharField(label="理由")
