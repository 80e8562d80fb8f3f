"""装上只增不改、只增不删的触发器。"""
from django.db import migrations

from lianluo.audit import guards


def up(apps, schema_editor):
    guards.raise_guards(schema_editor)


def down(apps, schema_editor):
    guards.lower_guards(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(up, down)]
