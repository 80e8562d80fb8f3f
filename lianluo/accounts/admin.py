"""账号后台：系统管理员建人、停用、授权。没有人能给自己授权，也没有人能在这里授超级权限。"""
from __future__ import annotations

from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from lianluo.workdays import clock

from . import actions
from .admin_forms import AccountForm, GrantForm, GrantFormSet
from .backoffice import ByRole
from .folding import masked
from .models import ApiToken, RoleGrant, User
from .roles import Role

SYSADMIN = (Role.SYSADMIN.value,)
UNUSED_DAYS = 90
admin.site.unregister(Group)


class UnusedFilter(admin.SimpleListFilter):
    """多余、过期的账号列出来（等保访问控制 c）。"""

    title = "使用情况"
    parameter_name = "unused"

    def lookups(self, request, model_admin):
        return [("1", f"{UNUSED_DAYS} 天未使用")]

    def queryset(self, request, queryset):
        if self.value() != "1":
            return queryset
        since = timezone.now() - timedelta(days=UNUSED_DAYS)
        never = Q(last_seen_at=None, last_login=None, created_at__lt=since)
        return queryset.filter(never | Q(last_seen_at__lt=since) | Q(last_seen_at=None, last_login__lt=since))


class GrantInline(ByRole, admin.TabularInline):
    model = RoleGrant
    form, formset = GrantForm, GrantFormSet
    extra = 1
    edit_roles = SYSADMIN

    def has_add_permission(self, request, obj=None) -> bool:
        return self.may_edit(request) and not _is_self(request, obj)

    def has_change_permission(self, request, obj=None) -> bool:
        return self.may_edit(request) and not _is_self(request, obj)


@admin.register(User)
class UserAdmin(ByRole, admin.ModelAdmin):
    form = AccountForm
    inlines = [GrantInline]
    edit_roles = SYSADMIN
    list_display = ("name", "username", "masked_phone", "granted", "is_active", "is_staff", "last_seen_at")
    list_filter = ("is_active", "is_staff", "grants__role", UnusedFilter)
    search_fields = ("name", "username_key", "phone", "email")
    list_per_page = 50
    show_full_result_count = False
    actions = ("reset_passwords", "end_sessions", "unlock")
    readonly_fields = ("last_login", "last_seen_at", "password_changed_at", "must_change_password", "created_at")
    fieldsets = [
        (None, {"fields": ["username", "name", "phone", "email", "is_staff", "is_active"]}),
        ("使用情况", {"fields": list(readonly_fields)}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "name", "phone", "email", "is_staff"]})]

    def get_queryset(self, request):
        active = RoleGrant.objects.active(clock.today())
        return super().get_queryset(request).prefetch_related(Prefetch("grants", active, to_attr="shown_grants"))

    @admin.display(description="手机号", ordering="phone")
    def masked_phone(self, account: User) -> str:
        return masked(account.phone) or "--"

    @admin.display(description="授予的角色")
    def granted(self, account: User) -> str:
        return "、".join(grant.get_role_display() for grant in account.shown_grants) or "--"

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request, obj=None):
        own = ("is_staff", "is_active") if _is_self(request, obj) else ()
        return (*self.readonly_fields, *own)

    def has_change_permission(self, request, obj=None) -> bool:
        """超级账号只有超级账号能改。"""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def save_model(self, request, obj: User, form, change: bool) -> None:
        if not change:
            request.initial_password = actions.open_account(obj, actor=request.user)
            return
        changed = [name for name in form.changed_data if name != "is_active"]
        if changed:
            actions.change_account(obj, changed, actor=request.user)
        if "is_active" in form.changed_data:
            switch = actions.enable_account if obj.is_active else actions.disable_account
            switch(obj, actor=request.user)

    def save_formset(self, request, form, formset, change: bool) -> None:
        grants = formset.save(commit=False)
        if grants and _is_self(request, form.instance):
            raise PermissionDenied("不能给自己授予或撤销角色")
        for grant in grants:
            is_new = grant.pk is None
            grant.save()
            note = actions.note_granted if is_new else actions.note_revoked
            note(grant, actor=request.user)

    def response_add(self, request, obj: User, post_url_continue=None):
        return self._passwords_page(request, [(obj, request.initial_password)])

    def _passwords_page(self, request: HttpRequest, rows: list[tuple[User, str]]) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "title": "初始密码", "rows": rows, "opts": self.opts}
        return TemplateResponse(request, "accounts/admin_passwords.html", context)

    def _others(self, request, queryset) -> list[User]:
        """能对之操作的：不含自己和更高的账号。"""
        return [row for row in queryset if not _is_self(request, row) and self.has_change_permission(request, row)]

    @admin.action(description="重设初始密码", permissions=["change"])
    def reset_passwords(self, request, queryset):
        rows = [(row, actions.reset_password(row, actor=request.user)) for row in self._others(request, queryset)]
        return self._passwords_page(request, rows)

    @admin.action(description="结束全部登录", permissions=["change"])
    def end_sessions(self, request, queryset):
        rows = self._others(request, queryset)
        for row in rows:
            actions.end_all_sessions(row, actor=request.user)
        messages.success(request, f"已结束 {len(rows)} 个账号的全部登录")

    @admin.action(description="解除登录锁定", permissions=["change"])
    def unlock(self, request, queryset):
        rows = self._others(request, queryset)
        for row in rows:
            actions.unlock_account(row, actor=request.user)
        messages.success(request, f"已解除 {len(rows)} 个账号的登录锁定")


@admin.register(ApiToken)
class ApiTokenAdmin(ByRole, admin.ModelAdmin):
    view_roles = SYSADMIN
    list_display = ("name", "account", "prefix", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("account",)
    search_fields = ("name", "account__name")
    fields = list_display
    actions = ("revoke",)

    @admin.action(description="撤销令牌", permissions=["view"])
    def revoke(self, request, queryset):
        for row in queryset.select_related("account"):
            actions.revoke_token(row, actor=request.user)
        messages.success(request, f"已撤销 {len(queryset)} 个令牌")


def _is_self(request, account: User | None) -> bool:
    return account is not None and account.pk == request.user.pk
