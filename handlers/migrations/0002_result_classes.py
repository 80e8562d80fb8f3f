"""出厂的办理结果类别。"""
from django.db import migrations

from handlers.reference import load_result_classes


def up(apps, schema_editor):
    load_result_classes(apps.get_model("handlers", "ResultClass"))


class Migration(migrations.Migration):
    dependencies = [("handlers", "0001_initial")]
    operations = [migrations.RunPython(up, migrations.RunPython.noop)]
