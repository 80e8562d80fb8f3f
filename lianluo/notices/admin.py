from django.contrib import admin

from .links import without_links
from .models import Digest, Notice, NoticeDelivery, NoticePreference


class ReadOnlyAdmin(admin.ModelAdmin):
    """发出去的通知只看不改；重试在「发送记录」。"""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class OfficeOnlyAdmin(ReadOnlyAdmin):
    """通知的标题带着件的内容：三员看不到（等保访问控制 d）。"""

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.has_role("npc_office")

    def has_module_permission(self, request) -> bool:
        return request.user.has_role("npc_office")


@admin.register(Notice)
class NoticeAdmin(OfficeOnlyAdmin):
    list_display = ["subject", "recipient", "urgent", "created_at", "read_at", "done_at"]
    fields = ["subject", "told", "recipient", "urgent", "created_at", "read_at", "done_at"]
    list_select_related = ["recipient"]
    list_filter = ["urgent"]
    search_fields = ["about", "recipient__name"]
    date_hierarchy = "created_at"

    @admin.display(description="正文")
    def told(self, notice: Notice) -> str:
        """只给收件人本人的链接不给旁人看：拿到它就能替代表确认联名。"""
        return without_links(notice.body)


@admin.register(NoticeDelivery)
class NoticeDeliveryAdmin(OfficeOnlyAdmin):
    list_display = ["notice", "channel", "state", "tries", "sent_at", "error"]
    list_select_related = ["notice"]
    list_filter = ["channel", "state"]


@admin.register(Digest)
class DigestAdmin(ReadOnlyAdmin):
    list_display = ["recipient", "day", "state", "tries", "sent_at", "error"]
    list_select_related = ["recipient"]
    list_filter = ["state"]


@admin.register(NoticePreference)
class NoticePreferenceAdmin(ReadOnlyAdmin):
    list_display = ["account", "by_email", "by_sms"]
    list_select_related = ["account"]
