from django.contrib import admin

from .models import BeatRun


@admin.register(BeatRun)
class BeatRunAdmin(admin.ModelAdmin):
    """只看不改：运行情况由任务自己记。"""

    list_display = ["name", "last_started_at", "last_finished_at", "last_count", "error"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
