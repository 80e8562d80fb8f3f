from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    name = "suggestions"
    verbose_name = "提出"

    def ready(self) -> None:
        from lianluo.web import badges
        from lianluo.workdays import due_dates

        from . import access, listeners, lookups, models, notices  # noqa: F401  登记可见范围、监听、查法与消息

        due_dates.register(models.SuggestionDue)
        badges.provide("review", access.to_review)
        access.register()
