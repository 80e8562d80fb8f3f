"""办理一层的后台：单位、处室、任职、结果类别可改；承办关系、沟通、答复、评价只看。"""
from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from lianluo.accounts.account_field import AccountField, KnowsEditor, LinksAccount
from lianluo.accounts.backoffice import ByRole
from lianluo.accounts.roles import Role
from lianluo.statemachine import DomainError
from lianluo.workdays import clock
from suggestions.admin import CaseAdmin, ReferenceAdmin

from .actions.succeeding import check_succession, succeed_unit
from .models import Activity, Assignment, AssignmentMeeting, Division, Evaluation, Post, Reply, ResultClass, Unit

KEEPERS = (Role.NPC_OFFICE.value, Role.SYSADMIN.value)


class OrganisationAdmin(ReferenceAdmin):
    """单位、处室、任职：联工委与系统管理员维护，政府办公厅看。"""

    edit_roles = KEEPERS
    view_roles = (Role.GOV_OFFICE.value,)


class UnitForm(forms.ModelForm):
    """撤并而有承接单位的，保存时把未答复的件转过去，所以到那天才填。"""

    class Meta:
        model = Unit
        fields = [
            "congress", "code", "name", "short", "kind", "pinyin", "initials", "document_prefix", "phone", "address",
            "valid_from", "valid_to", "successor",
        ]

    def clean(self) -> dict:
        data = super().clean()
        on, successor = data.get("valid_to"), data.get("successor")
        if successor and not on:
            raise ValidationError({"valid_to": "有承接单位的，填写撤并日期"})
        if on and data.get("valid_from") and on < data["valid_from"]:
            raise ValidationError({"valid_to": "撤并不能早于成立"})
        if successor and self.instance.pk:
            self._check(on, successor)
        return data

    def _check(self, on, successor: Unit) -> None:
        if on > clock.today():
            raise ValidationError({"valid_to": "到撤并那天再填，保存时未答复的件随即转给承接单位"})
        try:
            check_succession(self.instance, successor, on)
        except DomainError as error:
            raise ValidationError({error.field: error.sentence}) from error


class DivisionInline(ByRole, admin.TabularInline):
    model = Division
    fields = ["name", "position", "valid_to"]
    extra = 0
    edit_roles = KEEPERS
    view_roles = (Role.GOV_OFFICE.value,)


@admin.register(Unit)
class UnitAdmin(OrganisationAdmin):
    form = UnitForm
    inlines = [DivisionInline]
    list_display = ["short", "name", "kind", "code", "document_prefix", "phone", "valid_to", "successor"]
    list_select_related = ["successor"]
    list_filter = ["kind", "congress"]
    search_fields = ["name", "short", "code", "initials"]
    autocomplete_fields = ["congress", "successor"]
    fieldsets = [
        (None, {"fields": ["congress", "code", "name", "short", "kind", "document_prefix", "phone", "address"]}),
        ("查找", {"fields": ["pinyin", "initials"]}),
        ("起止", {"fields": ["valid_from", "valid_to", "successor"]}),
    ]

    def save_model(self, request, obj: Unit, form, change: bool) -> None:
        """撤并走动作：件、台账、留痕一并处理。"""
        super().save_model(request, obj, form, change)
        if change and obj.successor and {"valid_to", "successor"} & set(form.changed_data):
            done = succeed_unit(obj, obj.successor, on=obj.valid_to, actor=request.user)
            messages.info(request, done.sentence)


@admin.register(Division)
class DivisionAdmin(OrganisationAdmin):
    list_display = ["name", "unit", "position", "valid_to"]
    list_select_related = ["unit"]
    search_fields = ["name", "unit__short", "unit__name"]
    autocomplete_fields = ["unit"]


class PostForm(LinksAccount, forms.ModelForm):
    account = AccountField()

    class Meta:
        model = Post
        fields = ["unit", "division", "account", "name", "title", "duty", "rank", "phone", "valid_from", "valid_to"]

    def clean(self) -> dict:
        data = super().clean()
        unit, division = data.get("unit"), data.get("division")
        if unit and division and division.unit_id != unit.pk:
            raise ValidationError({"division": f"{division}不是{unit}的处室"})
        if data.get("valid_to") and data.get("valid_from") and data["valid_to"] < data["valid_from"]:
            raise ValidationError({"valid_to": "任职止不能早于任职起"})
        return data


@admin.register(Post)
class PostAdmin(KnowsEditor, OrganisationAdmin):
    form = PostForm
    list_display = ["name", "unit", "division", "title", "duty", "rank", "account", "valid_from", "valid_to"]
    list_select_related = ["unit", "division", "account"]
    list_filter = ["duty", "rank"]
    search_fields = ["name", "title", "unit__short", "unit__name", "unit__initials"]
    autocomplete_fields = ["unit", "division"]


@admin.register(ResultClass)
class ResultClassAdmin(ReferenceAdmin):
    list_display = [
        "code", "name", "scheme", "resolved", "in_progress", "needs_promise", "needs_explanation", "is_active",
    ]
    list_filter = ["scheme", "is_active"]
    search_fields = ["code", "name"]


@admin.register(AssignmentMeeting)
class MeetingAdmin(CaseAdmin):
    list_display = ["name", "session", "held_on", "status", "work"]
    list_select_related = ["session"]
    search_fields = ["name"]
    fields = ["work", "name", "session", "held_on", "place", "chair", "status", "handed_over_at", "made_by"]

    def get_queryset(self, request) -> QuerySet:
        return admin.ModelAdmin.get_queryset(self, request)

    def page_of(self, obj: AssignmentMeeting) -> str:
        return f"/office/meetings/{obj.pk}/"


@admin.register(Assignment)
class AssignmentAdmin(CaseAdmin):
    list_display = ["work", "suggestion", "unit_name", "role", "status", "assigned_on", "due_on", "round"]
    list_display_links = ["suggestion", "unit_name"]
    list_select_related = ["suggestion__session"]
    list_filter = ["status", "role", "suggestion__session"]
    search_fields = ["suggestion__title", "suggestion__number", "unit_name", "notice_number"]
    date_hierarchy = "assigned_on"
    fields = [
        "work", "suggestion", "unit", "unit_name", "role", "part", "status", "notice_number", "assigned_on",
        "accepted_on", "due_on", "provisional", "profile_code", "round", "result_class", "answered_on",
        "concluded_on", "replaces",
    ]

    def page_of(self, obj: Assignment) -> str:
        return f"{obj.suggestion.get_absolute_url()}handling/"


@admin.register(Activity)
class ActivityAdmin(CaseAdmin):
    list_display = ["happened_on", "unit", "kind", "stage", "face_to_face", "backfilled", "work"]
    list_select_related = ["unit"]
    list_filter = ["kind", "stage", "face_to_face", "backfilled"]
    search_fields = ["unit__short", "unit__name", "content"]
    date_hierarchy = "happened_on"
    fields = [
        "work", "unit", "kind", "stage", "happened_on", "place", "content", "deputy_view", "backfilled", "recorded_by",
    ]


@admin.register(Reply)
class ReplyAdmin(CaseAdmin):
    list_display = ["work", "document_number", "assignment", "round", "status", "signed_on", "delivered_on"]
    list_display_links = ["document_number", "assignment"]
    list_select_related = ["assignment__suggestion"]
    list_filter = ["status", "round", "publication"]
    search_fields = ["document_number", "assignment__unit_name", "assignment__suggestion__title"]
    fields = [
        "work", "assignment", "round", "status", "result_class", "document_number", "signer_name", "signed_on",
        "delivered_on", "publication", "published_as", "published_at", "withheld_reason", "taken_down_at",
        "void_reason",
    ]


@admin.register(Evaluation)
class EvaluationAdmin(CaseAdmin):
    """系统管理员不得改评价：这里谁也改不了。"""

    list_display = [
        "receipt_number", "deputy", "is_lead", "overall", "attitude", "outcome", "by_proxy", "signed_on", "work",
    ]
    list_select_related = ["deputy", "delivery__suggestion__session"]
    list_filter = ["overall", "is_lead", "by_proxy", "round"]
    search_fields = ["receipt_number", "deputy__name"]
    date_hierarchy = "signed_on"
    fields = [
        "work", "receipt_number", "reply", "deputy", "is_lead", "round", "attitude", "outcome", "overall", "opinion",
        "by_proxy", "proxy", "signed_on", "submitted_at",
    ]

    def get_queryset(self, request) -> QuerySet:
        return admin.ModelAdmin.get_queryset(self, request)

    def page_of(self, obj: Evaluation) -> str:
        return f"{obj.delivery.suggestion.get_absolute_url()}evaluations/"
