"""办理一层给出什么：单位、承办关系、退回、延期、沟通、会办意见。答复与评价在 ``replies``。"""
from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lianluo.rest.outputs import DueRow, Lit, Named
from suggestions.api.serializers import CaseRef, DeputyRef, UserAware, deputy_ref

from .. import decisions
from ..access import READS_ALL
from ..actions.returning import is_disputed
from ..desk import UNANSWERED
from ..models import (
    Activity,
    Assignment,
    AssistOpinion,
    Division,
    Extension,
    Post,
    ResultClass,
    ReturnRequest,
    Unit,
)
from .scopes import inside


class UnitRow(serializers.ModelSerializer):
    """一个承办单位。"""

    class Meta:
        model = Unit
        fields = ["id", "code", "name", "short", "kind", "phone", "address", "valid_from", "valid_to", "successor"]


class DivisionRow(serializers.ModelSerializer):
    """一个处室。"""

    class Meta:
        model = Division
        fields = ["id", "name", "valid_to"]


class PostRow(serializers.ModelSerializer):
    """一个任职。"""

    class Meta:
        model = Post
        fields = ["id", "name", "title", "duty", "rank", "division", "valid_from", "valid_to"]


class UnitDetail(UserAware, UnitRow):
    """单位连同处室；任职只给本单位和办公室看。"""

    divisions = DivisionRow(many=True, label="处室", read_only=True)
    posts = serializers.SerializerMethodField(label="任职")

    class Meta(UnitRow.Meta):
        fields = [*UnitRow.Meta.fields, "divisions", "posts"]

    @extend_schema_field(PostRow(many=True))
    def get_posts(self, unit: Unit) -> list[dict]:
        if not (inside(self.user, unit.pk) or self.user.has_role(*READS_ALL)):
            return []
        return PostRow(unit.posts.all(), many=True).data


class ResultClassRow(serializers.ModelSerializer):
    """一个办理结果类别。"""

    class Meta:
        model = ResultClass
        fields = [
            "id", "code", "scheme", "name", "definition", "resolved", "in_progress", "needs_promise",
            "needs_explanation", "is_active",
        ]


class AssignmentRow(UserAware, Lit, serializers.ModelSerializer):
    """列表里的一个承办关系。"""

    suggestion = CaseRef(label="件", read_only=True)
    unit = Named(label="承办单位", read_only=True)
    status_name = serializers.CharField(source="get_status_display", label="状态名称", read_only=True)
    role_name = serializers.CharField(source="get_role_display", label="角色名称", read_only=True)
    result_class = Named(label="办理结果类别", read_only=True, allow_null=True)

    class Meta:
        model = Assignment
        fields = [
            "id", "suggestion", "unit", "unit_name", "role", "role_name", "part", "status", "status_name",
            "notice_number", "assigned_on", "accepted_on", "due_on", "provisional", "light", "round", "result_class",
            "answered_on", "concluded_on", "replaces",
        ]

    def is_done(self, row: Assignment) -> bool:
        return row.status not in UNANSWERED


class AllotmentRow(serializers.Serializer):
    """分派到的一个处室。"""

    division = serializers.CharField(label="处室")
    role = serializers.CharField(label="角色")
    officer = serializers.CharField(label="具体承办人", allow_null=True)
    allotted_on = serializers.DateField(label="分派日期")


class Inner(serializers.Serializer):
    """单位内部的安排。"""

    allotments = AllotmentRow(many=True, label="分派")
    responsible_leader = serializers.CharField(label="责任领导", allow_null=True)
    inner_due_on = serializers.DateField(label="内部时限", allow_null=True)
    quality_goal = serializers.CharField(label="质量要求")
    task_note = serializers.CharField(label="任务要点")


class AssignmentDetail(AssignmentRow):
    """一个承办关系的全部；内部安排只给本单位和办公室看。"""

    dues = DueRow(many=True, label="时限", read_only=True)
    inner = serializers.SerializerMethodField(label="内部安排")

    class Meta(AssignmentRow.Meta):
        fields = [*AssignmentRow.Meta.fields, "dues", "inner"]

    @extend_schema_field(Inner(allow_null=True))
    def get_inner(self, row: Assignment) -> dict | None:
        if not (inside(self.user, row.unit_id) or self.user.has_role(*READS_ALL)):
            return None
        return {
            "allotments": [
                {"division": str(one.division), "role": one.get_role_display(),
                 "officer": one.officer.name if one.officer else None, "allotted_on": one.allotted_on}
                for one in row.allotments.all()
            ],
            "responsible_leader": row.responsible_leader.name if row.responsible_leader else None,
            "inner_due_on": row.inner_due_on, "quality_goal": row.quality_goal, "task_note": row.task_note,
        }


class ReturnRow(serializers.ModelSerializer):
    """一份退回申请。"""

    suggestion = CaseRef(source="assignment.suggestion", label="件", read_only=True)
    unit_name = serializers.CharField(source="assignment.unit_name", label="申请单位", read_only=True)
    ground_name = serializers.CharField(source="get_ground_display", label="理由类别名称", read_only=True)
    proposed_unit = Named(label="建议承办单位", read_only=True)

    class Meta:
        model = ReturnRequest
        fields = [
            "id", "assignment", "suggestion", "unit_name", "ground", "ground_name", "reason", "proposed_unit",
            "head_signed", "requested_on", "decide_by_on", "granted", "decision_note", "decided_on",
        ]


class ReturnDetail(ReturnRow):
    """一份退回申请，连同由谁裁决。"""

    decider = serializers.SerializerMethodField(label="由谁裁决")

    class Meta(ReturnRow.Meta):
        fields = [*ReturnRow.Meta.fields, "decider"]

    def get_decider(self, row: ReturnRequest) -> str:
        return decisions.decider_name(row.assignment, is_disputed=is_disputed(row))


class ExtensionRow(serializers.ModelSerializer):
    """一份延期申请。"""

    suggestion = CaseRef(source="assignment.suggestion", label="件", read_only=True)
    unit_name = serializers.CharField(source="assignment.unit_name", label="申请单位", read_only=True)
    decider = serializers.SerializerMethodField(label="由谁批复")

    class Meta:
        model = Extension
        fields = [
            "id", "assignment", "suggestion", "unit_name", "reason", "old_due_on", "asked_until", "deputy_told_on",
            "deputy_told_how", "requested_on", "granted", "granted_until", "decision_note", "decided_on", "decider",
        ]

    def get_decider(self, row: Extension) -> str:
        return decisions.decider_name(row.assignment)


class Member(serializers.Serializer):
    """单位一方参加的人，职务按当时。"""

    name = serializers.CharField(label="姓名")
    title = serializers.CharField(label="职务")


class ActivityRow(UserAware, serializers.ModelSerializer):
    """一次沟通。"""

    unit = Named(label="单位", read_only=True)
    kind_name = serializers.CharField(source="get_kind_display", label="方式名称", read_only=True)
    members = Member(many=True, label="单位参加人", read_only=True)
    deputies = serializers.SerializerMethodField(label="代表")
    assignments = serializers.SerializerMethodField(label="涉及的承办关系")

    class Meta:
        model = Activity
        fields = [
            "id", "unit", "kind", "kind_name", "stage", "face_to_face", "happened_on", "place", "content",
            "deputy_view", "backfilled", "members", "deputies", "assignments", "recorded_at",
        ]

    @extend_schema_field(DeputyRef(many=True))
    def get_deputies(self, row: Activity) -> list[dict]:
        return [deputy_ref(one.deputy) for one in row.deputies.all()]

    def get_assignments(self, row: Activity) -> list[int]:
        """只列看得见的承办关系。"""
        return [case.assignment_id for case in row.seen_cases]


class OpinionRow(serializers.ModelSerializer):
    """一份会办意见。"""

    suggestion = CaseRef(source="assignment.suggestion", label="件", read_only=True)
    unit_name = serializers.CharField(source="assignment.unit_name", label="会办单位", read_only=True)
    status_name = serializers.CharField(source="get_status_display", label="状态名称", read_only=True)

    class Meta:
        model = AssistOpinion
        fields = [
            "id", "assignment", "suggestion", "unit_name", "status", "status_name", "text", "document_number",
            "signed_by", "sent_on", "resent_on", "resubmit_reason", "adoption", "adoption_note", "changed_at",
        ]
