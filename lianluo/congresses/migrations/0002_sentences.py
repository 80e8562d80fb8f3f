"""约束不满足时说的话，数据库不变。"""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('congresses', '0001_initial'),
        ('workdays', '0003_sentences'),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='session',
            name='session_number',
            constraint=models.UniqueConstraint(fields=('term', 'number'), name='session_number', violation_error_message='这一届的这次会议已经有了'),
        ),
        migrations.AlterConstraint(
            model_name='session',
            name='session_days',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__gte', models.F('opened_on'))), name='session_days', violation_error_message='闭幕不能早于开幕'),
        ),
        migrations.AlterConstraint(
            model_name='term',
            name='term_number',
            constraint=models.UniqueConstraint(fields=('congress', 'number'), name='term_number', violation_error_message='这一届已经有了'),
        ),
    ]
