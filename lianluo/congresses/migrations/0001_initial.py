import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workdays', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Congress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='全称')),
                ('short', models.CharField(max_length=20, verbose_name='简称')),
                ('tier', models.CharField(choices=[('national', '全国'), ('province', '省级'), ('city', '设区的市级'), ('county', '县级'), ('township', '乡级')], max_length=10, verbose_name='层次')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='congresses.congress', verbose_name='上一级')),
            ],
            options={
                'verbose_name': '人民代表大会',
                'verbose_name_plural': '人民代表大会',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='第几届')),
                ('starts_on', models.DateField(verbose_name='起')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='止')),
                ('congress', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='congresses.congress', verbose_name='人大')),
            ],
            options={
                'verbose_name': '届',
                'verbose_name_plural': '届',
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('congress', 'number'), name='term_number')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='第几次会议')),
                ('name', models.CharField(max_length=80, verbose_name='全称')),
                ('opened_on', models.DateField(verbose_name='开幕')),
                ('closed_on', models.DateField(verbose_name='闭幕')),
                ('code', models.CharField(editable=False, max_length=12, verbose_name='届-次')),
                ('is_current', models.BooleanField(default=False, verbose_name='本次')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='workdays.ruleprofile', verbose_name='时限规则')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='congresses.term', verbose_name='届')),
            ],
            options={
                'verbose_name': '次会议',
                'verbose_name_plural': '次会议',
                'ordering': ['-opened_on'],
                'constraints': [models.UniqueConstraint(fields=('term', 'number'), name='session_number'), models.CheckConstraint(condition=models.Q(('closed_on__gte', models.F('opened_on'))), name='session_days')],
            },
        ),
    ]
