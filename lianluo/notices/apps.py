from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lianluo.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from lianluo.web import badges

        from .models import Notice

        badges.provide("notices", lambda user: Notice.objects.for_recipient(user).unread(), restless=True)
