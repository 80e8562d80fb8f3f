from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "lianluo.audit"
    label = "audit"
    verbose_name = "留痕"
