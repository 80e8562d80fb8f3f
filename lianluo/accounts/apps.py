from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lianluo.accounts"
    label = "accounts"
    verbose_name = "账号与权限"

    def ready(self) -> None:
        from . import receivers, roles, schema  # noqa: F401
        from .models import RoleGrant

        granted = RoleGrant.objects.filter(account_id=roles.ACCOUNT).active(roles.TODAY)
        roles.provide(roles.GRANT, granted, code="role")
