"""约束不满足时说的话，数据库不变。"""
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('congresses', '0002_sentences'),
        ('handlers', '0002_result_classes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='division',
            name='division_name',
            constraint=models.UniqueConstraint(fields=('unit', 'name'), name='division_name', violation_error_message='这个单位已有同名的处室'),
        ),
        migrations.AlterConstraint(
            model_name='post',
            name='post_one_head',
            constraint=models.UniqueConstraint(condition=models.Q(('duty', 'head'), ('valid_to__isnull', True)), fields=('unit',), name='post_one_head', violation_error_message='这个单位已有在任的主要负责人，先填他的任职止'),
        ),
        migrations.AlterConstraint(
            model_name='resultclass',
            name='result_class_code',
            constraint=models.UniqueConstraint(fields=('scheme', 'code'), name='result_class_code', violation_error_message='这个方案里已有同样的类别'),
        ),
        migrations.AlterConstraint(
            model_name='unit',
            name='unit_code',
            constraint=models.UniqueConstraint(fields=('congress', 'code'), name='unit_code', violation_error_message='这个编码已有单位在用'),
        ),
    ]
