from django.contrib import admin

from .models import AuditEvent, AuditHead
from .reading import read


class ReadOnlyAdmin(admin.ModelAdmin):
    """只看不改：没有新增、修改、删除。"""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_name", "told", "target_name", "why"]
    fields = ["at", "actor_name", "actor_post", "told", "target_name", "why", "contents", "ip", "seq", "hash"]
    date_hierarchy = "at"
    search_fields = ["actor_name", "target_name"]
    show_full_result_count = False

    @admin.display(description="事件")
    def told(self, event: AuditEvent) -> str:
        return event.sentence

    @admin.display(description="理由")
    def why(self, event: AuditEvent) -> str:
        return read(event).reason

    @admin.display(description="内容")
    def contents(self, event: AuditEvent) -> str:
        return read(event).text

    def has_view_permission(self, request, obj=None):
        from lianluo.accounts.roles import Role

        return request.user.is_authenticated and request.user.has_role(Role.AUDITOR)

    def has_module_permission(self, request):
        return self.has_view_permission(request)


@admin.register(AuditHead)
class AuditHeadAdmin(AuditEventAdmin):
    list_display = ["day", "events", "chains", "algorithm", "root"]
    fields = ["day", "events", "chains", "algorithm", "root", "made_at"]
    date_hierarchy = "day"
    search_fields = []
