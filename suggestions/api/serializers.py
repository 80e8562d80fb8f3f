"""提出一层给出什么：逐项列出；电话、证号、备注只给办理需要的人。"""
from __future__ import annotations

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lianluo.accounts.roles import Role
from lianluo.congresses.models import Session
from lianluo.rest.outputs import DueRow, Lit, Named
from lianluo.web.wording import mask_phone

from .. import access
from ..listing import OVER
from ..models import Attachment, Category, Delegation, Deputy, Purpose, Request, Suggestion

SEES_PHONES = (Role.NPC_OFFICE, Role.SECRETARIAT)


class UserAware:
    """要看是谁在问。"""

    @property
    def user(self):
        return self.context["request"].user


class CaseRef(serializers.ModelSerializer):
    """指一件：编号、标题、件页地址。"""

    page = serializers.CharField(source="get_absolute_url", label="件页", read_only=True)
    shown_number = serializers.CharField(label="编号", read_only=True)

    class Meta:
        model = Suggestion
        fields = ["id", "shown_number", "title", "page"]


class DeputyRef(serializers.Serializer):
    """指一名代表。"""

    id = serializers.IntegerField(label="编号")
    name = serializers.CharField(label="姓名")


def deputy_ref(deputy: Deputy) -> dict:
    return {"id": deputy.pk, "name": deputy.name}


class SuggestionRow(UserAware, Lit, serializers.ModelSerializer):
    """列表里的一件。"""

    page = serializers.CharField(source="get_absolute_url", label="件页", read_only=True)
    session = serializers.CharField(source="session.code", label="届次", read_only=True)
    shown_number = serializers.CharField(label="编号", read_only=True)
    status_name = serializers.CharField(source="get_status_display", label="状态名称", read_only=True)
    kind_name = serializers.CharField(source="get_kind_display", label="形式名称", read_only=True)
    lead_deputy = serializers.SerializerMethodField(label="领衔代表")
    delegation = Named(label="代表团", read_only=True)
    category = Named(label="分类", read_only=True, allow_null=True)

    class Meta:
        model = Suggestion
        fields = [
            "id", "page", "session", "shown_number", "number", "title", "status", "status_name", "kind", "kind_name",
            "raised_during", "raised_by", "lead_deputy", "delegation", "category", "submitted_on", "registered_on",
            "assigned_on", "concluded_on", "due_on", "light",
        ]

    @extend_schema_field(DeputyRef)
    def get_lead_deputy(self, case: Suggestion) -> dict:
        return deputy_ref(case.lead_deputy)

    def is_done(self, case: Suggestion) -> bool:
        return case.status in OVER


class RequestRow(serializers.ModelSerializer):
    """一条具体建议。"""

    class Meta:
        model = Request
        fields = ["id", "position", "text"]


class CoSignerRow(serializers.Serializer):
    """一名联名代表。"""

    id = serializers.IntegerField(source="pk", label="编号")
    deputy = DeputyRef(label="代表")
    confirmed_at = serializers.DateTimeField(label="确认时间", allow_null=True)
    refused_at = serializers.DateTimeField(label="谢绝时间", allow_null=True)


class AttachmentRow(serializers.ModelSerializer):
    """件本身的一份附件。"""

    url = serializers.SerializerMethodField(label="下载")

    class Meta:
        model = Attachment
        fields = ["id", "purpose", "shown_name", "content_type", "size", "sha256", "added_at", "url"]

    def get_url(self, row: Attachment) -> str:
        return reverse("suggestions:attachment", args=[row.pk])


class Contact(serializers.Serializer):
    """联系方式，只给人大办理人员与领衔代表本人。"""

    name = serializers.CharField(label="联系人")
    phone = serializers.CharField(label="联系电话")
    wish = serializers.CharField(label="方便联系的时间与方式")
    note = serializers.CharField(label="备注")


class SuggestionDetail(SuggestionRow):
    """一件的全部内容。"""

    requests = RequestRow(many=True, label="具体建议", read_only=True)
    cosigners = serializers.SerializerMethodField(label="联名代表")
    merged_into = CaseRef(label="并入", read_only=True, allow_null=True)
    contact = serializers.SerializerMethodField(label="联系方式")
    attachments = serializers.SerializerMethodField(label="附件")
    dues = DueRow(many=True, label="时限", read_only=True)

    class Meta(SuggestionRow.Meta):
        fields = [
            *SuggestionRow.Meta.fields, "body", "requests", "cosigners", "converted_from_bill", "regions",
            "involves_place", "wished_units", "publish_wish", "publish_wish_reason", "wants_meeting", "for_reference",
            "formed_by", "repeated_years", "hides_identity", "contact", "decline_ground", "decision_note",
            "merged_into", "revision", "text_hash", "attachments", "dues", "made_at", "changed_at",
        ]

    @extend_schema_field(CoSignerRow(many=True))
    def get_cosigners(self, case: Suggestion) -> list[dict]:
        return [
            {"id": row.pk, "deputy": deputy_ref(row.deputy), "confirmed_at": row.confirmed_at,
             "refused_at": row.refused_at}
            for row in case.cosigners.all()
        ]

    @extend_schema_field(Contact(allow_null=True))
    def get_contact(self, case: Suggestion) -> dict | None:
        if not access.sees_private(self.user, case):
            return None
        return {
            "name": case.contact_name, "phone": case.contact_phone or case.lead_deputy.phone,
            "wish": case.contact_wish, "note": case.note,
        }

    @extend_schema_field(AttachmentRow(many=True))
    def get_attachments(self, case: Suggestion) -> list[dict]:
        own = access.attachments_for(self.user, case).filter(purpose__in=(Purpose.MATERIAL, Purpose.ORIGINAL))
        return AttachmentRow(own, many=True).data


class DeputyRow(UserAware, serializers.ModelSerializer):
    """一名代表；电话遮去中间四位，人大办理人员与本人看全的。"""

    delegation = Named(label="代表团", read_only=True)
    phone = serializers.SerializerMethodField(label="电话")
    certificate_no = serializers.SerializerMethodField(label="代表证号")

    class Meta:
        model = Deputy
        fields = [
            "id", "name", "pinyin", "delegation", "employer_post", "phone", "certificate_no", "served_from",
            "served_to",
        ]

    def get_phone(self, deputy: Deputy) -> str:
        return deputy.phone if self._sees_all(deputy) else mask_phone(deputy.phone)

    def get_certificate_no(self, deputy: Deputy) -> str:
        shown = self._sees_all(deputy) or access.may(self.user, "intake")
        return deputy.certificate_no if shown else ""

    def _sees_all(self, deputy: Deputy) -> bool:
        return self.user.has_role(*SEES_PHONES) or deputy.account_id == self.user.pk


class DelegationRow(serializers.ModelSerializer):
    """一个代表团。"""

    class Meta:
        model = Delegation
        fields = ["id", "name", "prefecture", "position"]


class CategoryRow(serializers.ModelSerializer):
    """一个内容分类。"""

    class Meta:
        model = Category
        fields = ["id", "name", "parent", "position", "is_active"]


class SessionRow(serializers.ModelSerializer):
    """一次会议。"""

    profile = serializers.CharField(source="profile.code", label="时限规则", read_only=True)

    class Meta:
        model = Session
        fields = ["id", "code", "name", "opened_on", "closed_on", "profile", "is_current"]
