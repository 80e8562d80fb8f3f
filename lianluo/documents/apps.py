from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "lianluo.documents"
    label = "documents"
    verbose_name = "公文与文件"
