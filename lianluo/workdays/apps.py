from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkdaysConfig(AppConfig):
    name = "lianluo.workdays"
    label = "workdays"
    verbose_name = "时限与工作日历"

    def ready(self) -> None:
        from . import calendar, loading

        calendar.watch()
        post_migrate.connect(loading.fill_after_flush, sender=self)
