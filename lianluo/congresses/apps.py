from django.apps import AppConfig


class CongressesConfig(AppConfig):
    name = "lianluo.congresses"
    label = "congresses"
    verbose_name = "人民代表大会"
