from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = "督办"

    def ready(self) -> None:
        from . import (  # noqa: F401  登记可见范围、监听与消息
            access,
            badges,
            listeners,
            listeners_classified,
            notices,
            plan_reminders,
            promise_news,
        )

        access.register()
        badges.register()
        promise_news.register()
