from django.apps import AppConfig


class WebConfig(AppConfig):
    """页面的公共部分：外壳、表单、分页、草稿。"""

    name = "lianluo.web"
    label = "web"
    verbose_name = "页面"
