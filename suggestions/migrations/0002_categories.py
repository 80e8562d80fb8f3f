"""出厂的内容分类。"""
from django.db import migrations

from suggestions.reference import load_categories


def up(apps, schema_editor):
    load_categories(apps.get_model("suggestions", "Category"))


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0001_initial")]
    operations = [migrations.RunPython(up, migrations.RunPython.noop)]
