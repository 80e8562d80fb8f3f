"""提出一层的后台：代表团、代表、分类可改；件只看，办理到件页去。"""
from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.utils.html import format_html

from lianluo.accounts.account_field import AccountField, KnowsEditor, LinksAccount
from lianluo.accounts.backoffice import ByRole
from lianluo.accounts.roles import Role
from lianluo.audit.backoffice import Recorded

from .models import Category, Delegation, Deputy, Suggestion

OFFICE = (Role.NPC_OFFICE.value,)
READERS = (Role.SECRETARIAT.value,)


class ReferenceAdmin(ByRole, Recorded, admin.ModelAdmin):
    """联工委维护的基础资料；改动留痕，不删除（用过的停用或写止日）。"""

    edit_roles = OFFICE
    view_roles = READERS
    list_per_page = 50
    show_full_result_count = False


class CaseAdmin(ByRole, admin.ModelAdmin):
    """件与它下面的一切：后台只看，没有一样能办；看到的范围与页面相同，三员看不到（等保访问控制 d）。"""

    view_roles = OFFICE
    actions = None
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    readonly_fields = ("work",)

    def get_queryset(self, request) -> QuerySet:
        visible = self.model._default_manager.visible_to(request.user)
        return super().get_queryset(request).filter(pk__in=visible.order_by().values("pk"))

    @admin.display(description="办理页")
    def work(self, obj: Model) -> str:
        return format_html('<a href="{}">打开</a>', self.page_of(obj))

    def page_of(self, obj: Model) -> str:
        return obj.get_absolute_url()


class DelegationForm(forms.ModelForm):
    """工作人员写登录名，一行一个。"""

    staff_names = forms.CharField(
        label="代表团工作人员", required=False, widget=forms.Textarea({"rows": 3}), help_text="写登录名，一行一个"
    )

    class Meta:
        model = Delegation
        fields = ["congress", "name", "prefecture", "position"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            names = self.instance.staff.order_by("username").values_list("username", flat=True)
            self.fields["staff_names"].initial = "\n".join(names)

    def clean_staff_names(self) -> str:
        field = AccountField()
        names = [name.strip() for name in self.cleaned_data["staff_names"].splitlines() if name.strip()]
        self.staff = [self._account(field, name) for name in names]
        return "\n".join(account.username for account in self.staff)

    def _account(self, field: AccountField, name: str):
        try:
            return field.clean(name)
        except forms.ValidationError as error:
            raise forms.ValidationError(f"没有登录名“{name}”，或者已停用") from error


@admin.register(Delegation)
class DelegationAdmin(ReferenceAdmin):
    form = DelegationForm
    list_display = ["name", "congress", "prefecture", "position"]
    list_select_related = ["congress"]
    list_filter = ["congress"]
    search_fields = ["name", "prefecture"]
    autocomplete_fields = ["congress"]

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.staff.set(form.staff)


class DeputyForm(LinksAccount, forms.ModelForm):
    account = AccountField()

    class Meta:
        model = Deputy
        fields = [
            "congress", "delegation", "name", "pinyin", "initials", "certificate_no", "employer_post", "phone", "email",
            "address", "postcode", "served_from", "served_to", "account",
        ]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("served_to") and data.get("served_from") and data["served_to"] < data["served_from"]:
            raise forms.ValidationError({"served_to": "任职止不能早于任职起"})
        return data


@admin.register(Deputy)
class DeputyAdmin(KnowsEditor, ReferenceAdmin):
    form = DeputyForm
    list_display = ["name", "delegation", "certificate_no", "employer_post", "served_from", "served_to", "account"]
    list_select_related = ["delegation", "account"]
    list_filter = ["delegation"]
    search_fields = ["name_folded", "pinyin", "initials", "certificate_no"]
    autocomplete_fields = ["congress", "delegation"]
    fieldsets = [
        (None, {"fields": ["congress", "delegation", "name", "certificate_no", "employer_post"]}),
        ("查找", {"fields": ["pinyin", "initials"]}),
        ("联系方式", {"fields": ["phone", "email", "address", "postcode"]}),
        ("任期与账号", {"fields": ["served_from", "served_to", "account"]}),
    ]


@admin.register(Category)
class CategoryAdmin(ReferenceAdmin):
    list_display = ["name", "parent", "position", "is_active"]
    list_select_related = ["parent"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]


@admin.register(Suggestion)
class SuggestionAdmin(CaseAdmin):
    list_display = ["work", "shown_number", "title", "lead_deputy", "delegation", "status", "due_on"]
    list_display_links = ["shown_number", "title"]
    list_select_related = ["session", "lead_deputy", "delegation"]
    list_filter = ["status", "kind", "raised_during", "session"]
    search_fields = ["title", "number"]
    date_hierarchy = "submitted_on"
    fields = [
        "work", "session", "number", "title", "kind", "raised_during", "lead_deputy", "delegation", "category",
        "status", "submitted_on", "registered_on", "assigned_on", "concluded_on", "due_on", "merged_into",
    ]

    @admin.display(description="编号", ordering="number")
    def shown_number(self, case: Suggestion) -> str:
        return case.shown_number or "未登记"
