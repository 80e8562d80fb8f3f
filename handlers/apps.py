from django.apps import AppConfig


class HandlersConfig(AppConfig):
    name = "handlers"
    verbose_name = "办理"

    def ready(self) -> None:
        from lianluo.workdays import due_dates
        from suggestions.importing import units

        from . import (  # noqa: F401  登记可见范围、监听与消息
            access,
            access_serving,
            badges,
            columns,
            deadlines,
            listeners,
            listeners_evaluating,
            models,
            notices,
            notices_plans,
            notices_serving,
            notices_settled,
            wishes,
        )

        units.provide(wishes.names_of)
        due_dates.register(models.AssignmentDue, lock=deadlines.lock_of, related=("assignment",))
        access.register()
        access_serving.register()
        badges.register()
        columns.register()
