"""管理后台：只管基础资料，办理数据只读；菜单按工作排，不按程序排。"""
from __future__ import annotations

from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html

#: 一段工作的名称与其中的模型（程序.模型），按此次序排
GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("sessions", "届次会议", ("congresses.Congress", "congresses.Term", "congresses.Session")),
    ("intake", "提出", (
        "suggestions.Delegation", "suggestions.Deputy", "suggestions.Category", "suggestions.Suggestion",
    )),
    ("handling", "办理", (
        "handlers.Unit", "handlers.Division", "handlers.Post", "handlers.ResultClass", "handlers.AssignmentMeeting",
        "handlers.Assignment", "handlers.Activity", "handlers.Reply", "handlers.Evaluation",
    )),
    ("supervision", "督办", ("supervision.LedgerEntry",)),
    ("time", "时间规则", ("workdays.Holiday", "workdays.CalendarYear", "workdays.RuleProfile")),
    ("accounts", "账号", ("accounts.User", "accounts.ApiToken")),
    ("notices", "通知", (
        "notices.Notice", "notices.NoticeDelivery", "notices.Digest", "notices.NoticePreference",
    )),
    ("system", "系统", ("operations.BeatRun",)),
    ("audit", "留痕", ("audit.AuditEvent", "audit.AuditHead")),
)
REST = ("others", "其他")


class LianluoAdminSite(AdminSite):
    site_header = "基础资料"
    site_title = "基础资料"
    index_title = "基础资料与规则"
    site_url = "/home/"

    def login(self, request, extra_context=None):
        """后台没有自己的登录页：未登录的去统一登录页，登录了而无权的拒绝。"""
        from lianluo.accounts.decorators import to_login

        if request.user.is_authenticated:
            raise PermissionDenied("后台不归此账号使用")
        return to_login(request)

    def password_change(self, request, extra_context=None):
        """后台没有自己的改密码页：Django 的那一页不限猜原密码的次数，不留痕，也不收回接口令牌。"""
        return redirect("accounts:password_change")

    password_change_done = password_change

    def logout(self, request, extra_context=None):
        """退出也只有一处，留痕、从登录名册划去。"""
        from lianluo.accounts.views.sign_in import logout

        return logout(request)

    def admin_view(self, view, cacheable=False):
        """进不了后台的直接到 login，不绕后台自己的登录地址。"""
        gated = super().admin_view(view, cacheable)

        @wraps(gated)
        def inner(request, *args, **kwargs):
            return gated(request, *args, **kwargs) if self.has_permission(request) else self.login(request)

        return inner

    def get_app_list(self, request, app_label=None) -> list[dict]:
        """首页与左栏按工作分段；某一程序自己的页照原样。"""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else by_work(apps)


def by_work(apps: list[dict]) -> list[dict]:
    """把看得到的模型按 GROUPS 归段；没有归到的放在最后。"""
    seen = {f"{app['app_label']}.{row['object_name']}": row for app in apps for row in app["models"]}
    groups = [(code, label, [seen.pop(name) for name in names if name in seen]) for code, label, names in GROUPS]
    groups.append((*REST, list(seen.values())))
    return [_section(code, label, rows) for code, label, rows in groups if rows]


def _section(code: str, label: str, rows: list[dict]) -> dict:
    """一段：标题连到首页上这一段的第一行。"""
    url = f"{reverse('admin:index')}#{code}-{rows[0]['object_name'].lower()}"
    return {"name": label, "app_label": code, "app_url": url, "has_module_perms": True, "models": rows}


def _yes_or_no(value: bool | None):
    """是否一列的图标。Django 自己的替代文字是 True、False，没有译。"""
    name, words = {True: ("yes", "是"), False: ("no", "否"), None: ("unknown", "没有定")}[value]
    return format_html('<img src="{}" alt="{}">', static(f"admin/img/icon-{name}.svg"), words)


class LianluoAdminConfig(AdminConfig):
    default_site = "lianluo.admin_site.LianluoAdminSite"

    def ready(self) -> None:
        from django.contrib.admin.templatetags import admin_list

        super().ready()
        admin_list._boolean_icon = _yes_or_no
