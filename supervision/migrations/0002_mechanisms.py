import django.db.models.deletion
import lianluo.audit.context
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('congresses', '0002_sentences'),
        ('handlers', '0004_mechanisms'),
        ('supervision', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ScoringScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('items', models.JSONField(default=list, help_text='[{code, points, each}]；附加分各项有上限', verbose_name='各项分值')),
                ('bonus_cap', models.DecimalField(decimal_places=2, default=20, max_digits=5, verbose_name='附加分上限')),
                ('weight', models.DecimalField(decimal_places=2, default=10, max_digits=5, verbose_name='占年度绩效的权重（%）')),
                ('made_at', models.DateTimeField(default=lianluo.audit.context.moment, editable=False, verbose_name='制定时间')),
                ('congress', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='congresses.congress', verbose_name='人大')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='制定人')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='schemes', to='handlers.unit', verbose_name='单位（考处室）')),
            ],
            options={
                'verbose_name': '评分方案',
                'verbose_name_plural': '评分方案',
                'ordering': ['-year', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('unit__isnull', False)), fields=('unit', 'year'), name='scheme_unit_year_once'), models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('congress', 'year'), name='scheme_year_once')],
            },
        ),
        migrations.CreateModel(
            name='ScoreSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('draft', '核算中'), ('published', '公示中'), ('confirmed', '已确认'), ('locked', '已锁定')], default='draft', max_length=10, verbose_name='状态')),
                ('cutoff_on', models.DateField(verbose_name='数据截止日')),
                ('base_points', models.DecimalField(decimal_places=2, default=0, max_digits=6, verbose_name='基础分')),
                ('bonus', models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name='附加分')),
                ('total', models.DecimalField(decimal_places=2, default=0, max_digits=6, verbose_name='总分')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='公示日期')),
                ('confirmed_on', models.DateField(blank=True, null=True, verbose_name='确认日期')),
                ('locked_on', models.DateField(blank=True, null=True, verbose_name='锁定日期')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='score_sheets', to='handlers.division', verbose_name='处室')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='score_sheets', to='handlers.unit', verbose_name='单位')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='supervision.scoringscheme', verbose_name='方案')),
            ],
            options={
                'verbose_name': '评分表',
                'verbose_name_plural': '评分表',
                'ordering': ['scheme', '-total', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('division__isnull', False)), fields=('scheme', 'division'), name='sheet_division_once'), models.UniqueConstraint(condition=models.Q(('division__isnull', True)), fields=('scheme', 'unit'), name='sheet_unit_once')],
            },
        ),
        migrations.CreateModel(
            name='ScoreItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('code', models.CharField(max_length=24, verbose_name='评分项')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('is_bonus', models.BooleanField(default=False, verbose_name='附加分')),
                ('most', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='满分（上限）')),
                ('applies', models.BooleanField(default=True, verbose_name='适用')),
                ('points', models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name='得分')),
                ('explanation', models.CharField(max_length=300, verbose_name='怎样算的')),
                ('evidence', models.JSONField(default=list, help_text='[[文字, 地址]]', verbose_name='凭据')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='supervision.scoresheet', verbose_name='评分表')),
            ],
            options={
                'verbose_name': '评分项',
                'verbose_name_plural': '评分项',
                'ordering': ['sheet', 'position'],
                'constraints': [models.UniqueConstraint(fields=('sheet', 'code'), name='score_item_once')],
            },
        ),
        migrations.CreateModel(
            name='Directive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('check', '专项督查'), ('accountability', '追责登记')], max_length=16, verbose_name='种类')),
                ('board', models.CharField(choices=[('suggestions', '代表建议')], default='suggestions', max_length=16, verbose_name='板块')),
                ('title', models.CharField(max_length=120, verbose_name='事由')),
                ('period', models.CharField(blank=True, max_length=20, verbose_name='期')),
                ('target', models.CharField(blank=True, max_length=60, verbose_name='对象')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                ('treatment', models.CharField(blank=True, max_length=200, verbose_name='处理')),
                ('issued_on', models.DateField(verbose_name='日期')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='限期')),
                ('issued_at', models.DateTimeField(default=lianluo.audit.context.moment, editable=False, verbose_name='登记时间')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='签发人')),
                ('step', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='directives', to='handlers.planstep', verbose_name='整改事项')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directives', to='handlers.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '督办文书',
                'verbose_name_plural': '督办文书',
                'ordering': ['-issued_on', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('period', ''), _negated=True), fields=('unit', 'kind', 'period'), name='directive_period_once')],
            },
        ),
        migrations.CreateModel(
            name='DirectiveCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=60, verbose_name='为何列入')),
                ('result', models.CharField(blank=True, max_length=300, verbose_name='督查结果')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='督查日期')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directive_cases', to='handlers.assignment', verbose_name='承办关系')),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='督查人')),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='supervision.directive', verbose_name='督办文书')),
            ],
            options={
                'verbose_name': '督查件',
                'verbose_name_plural': '督查件',
                'ordering': ['directive', 'id'],
                'constraints': [models.UniqueConstraint(fields=('directive', 'assignment'), name='directive_case_once')],
            },
        ),
        migrations.CreateModel(
            name='ScoreCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_points', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='原得分')),
                ('new_points', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='更正为')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('made_on', models.DateField(verbose_name='更正日期')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='更正人')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='supervision.scoreitem', verbose_name='评分项')),
            ],
            options={
                'verbose_name': '评分更正单',
                'verbose_name_plural': '评分更正单',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('old_points', models.F('new_points')), _negated=True), name='correction_changes')],
            },
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='handlers.post', verbose_name='责任人'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='plan',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entry', to='handlers.plan', verbose_name='方案'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='raised_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='result',
            field=models.CharField(blank=True, max_length=300, verbose_name='解决结果'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='step',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entry', to='handlers.planstep', verbose_name='整改事项'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('main', '件'), ('handling', '承办'), ('promise', '承诺'), ('difficulty', '困难'), ('rectification', '整改'), ('measure', '措施')], max_length=14, verbose_name='种类'),
        ),
    ]
