"""Excel 批量导入的页。"""
from django.urls import path

from .views import importing, importing_run

urlpatterns = [
    path("office/import/", importing.import_home, name="import"),
    path("office/import/template/", importing.import_template, name="import_template"),
    path("office/import/<int:pk>/columns/", importing.import_columns, name="import_columns"),
    path("office/import/<int:pk>/", importing.import_check, name="import_check"),
    path("office/import/<int:pk>/adopt/", importing.import_adopt, name="import_adopt"),
    path("office/import/<int:pk>/options/", importing.import_options, name="import_options"),
    path("office/import/<int:pk>/discard/", importing.import_discard, name="import_discard"),
    path("office/import/<int:pk>/start/", importing_run.import_start, name="import_start"),
    path("office/import/<int:pk>/run/", importing_run.import_run, name="import_run"),
    path("office/import/<int:pk>/resume/", importing_run.import_resume, name="import_resume"),
    path("office/import/<int:pk>/stop/", importing_run.import_stop, name="import_stop"),
    path("office/import/<int:pk>/annotated/", importing_run.import_annotated, name="import_annotated"),
    path("office/import/<int:pk>/undo/", importing_run.import_undo, name="import_undo"),
]
