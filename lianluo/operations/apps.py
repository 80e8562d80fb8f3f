from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "lianluo.operations"
    label = "operations"
    verbose_name = "运行"

    def ready(self) -> None:
        from lianluo import checks  # noqa: F401
