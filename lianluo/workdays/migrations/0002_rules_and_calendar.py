"""装入四套时限规则与 2004–2026 年放假安排：migrate 之后即可计算到期日。"""
from django.db import migrations

from lianluo.workdays import loading


def fill(apps, schema_editor):
    loading.fill(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
