from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = "督办"

    def ready(self) -> None:
        from . import access, badges, listeners, notices, promise_news  # noqa: F401  登记可见范围、监听与消息

        access.register()
        badges.register()
        promise_news.register()
