import django.db.models.deletion
import lianluo.audit.context
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('congresses', '0001_initial'),
        ('handlers', '0002_result_classes'),
        ('suggestions', '0002_categories'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('main', '件'), ('handling', '承办'), ('promise', '承诺')], max_length=10, verbose_name='种类')),
                ('what', models.CharField(max_length=200, verbose_name='事项')),
                ('status', models.CharField(choices=[('open', '在账'), ('ready', '待核准销号'), ('signed_off', '已销号')], default='open', max_length=10, verbose_name='状态')),
                ('opened_on', models.DateField(verbose_name='挂账日期')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='到期')),
                ('signed_off_on', models.DateField(blank=True, null=True, verbose_name='销号日期')),
                ('closed_reason', models.CharField(blank=True, help_text='撤回、改办的条目', max_length=100, verbose_name='不再督办的原因')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='不再督办日期')),
                ('assignment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='handlers.assignment', verbose_name='承办关系')),
                ('congress', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='congresses.congress', verbose_name='人大')),
                ('promise', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entry', to='handlers.replypromise', verbose_name='承诺事项')),
                ('signed_off_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='销号人')),
                ('suggestion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='suggestions.suggestion', verbose_name='件')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='handlers.unit', verbose_name='责任单位')),
            ],
            options={
                'verbose_name': '台账条目',
                'verbose_name_plural': '督办台账',
                'ordering': ['due_on', 'id'],
                'indexes': [models.Index(fields=['congress', 'kind', 'status', 'due_on'], name='ledger_desk'), models.Index(fields=['unit', 'status', 'due_on'], name='ledger_unit'), models.Index(fields=['suggestion', 'kind'], name='ledger_case'), models.Index(condition=models.Q(('closed_on__isnull', True), ('status', 'ready')), fields=['due_on'], name='ledger_ready'), models.Index(condition=models.Q(('closed_on__isnull', True), ('status__in', ('open', 'ready'))), fields=['due_on', 'id'], name='ledger_owed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'main')), fields=('suggestion',), name='ledger_main_once'), models.UniqueConstraint(condition=models.Q(('kind', 'handling')), fields=('assignment',), name='ledger_handling_once'), models.CheckConstraint(condition=models.Q(models.Q(('signed_off_on__isnull', False), ('status', 'signed_off')), models.Q(models.Q(('status', 'signed_off'), _negated=True), ('signed_off_on__isnull', True)), _connector='OR'), name='ledger_signed_off_day'), models.CheckConstraint(condition=models.Q(('due_on__isnull', True), ('due_on__gte', models.F('opened_on')), _connector='OR'), name='ledger_due_after')],
            },
        ),
        migrations.CreateModel(
            name='LedgerProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='进展')),
                ('figure', models.CharField(blank=True, help_text='如 完工 12/30 公里', max_length=60, verbose_name='数字')),
                ('happened_on', models.DateField(verbose_name='日期')),
                ('added_at', models.DateTimeField(default=lianluo.audit.context.moment, editable=False, verbose_name='填报时间')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='填报人')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='supervision.ledgerentry', verbose_name='条目')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suggestions.attachment', verbose_name='文件')),
            ],
            options={
                'verbose_name': '进展',
                'verbose_name_plural': '进展',
                'ordering': ['-happened_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SigningOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('statement', models.TextField(verbose_name='销号说明')),
                ('applied_on', models.DateField(verbose_name='申请日期')),
                ('granted', models.BooleanField(blank=True, null=True, verbose_name='核准')),
                ('decision_note', models.TextField(blank=True, verbose_name='核准意见')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='核准日期')),
                ('reopened_on', models.DateField(blank=True, null=True, verbose_name='恢复挂账日期')),
                ('reopen_reason', models.TextField(blank=True, verbose_name='恢复挂账理由')),
                ('applied_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核准人')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signing_offs', to='supervision.ledgerentry', verbose_name='条目')),
                ('evidence', models.ManyToManyField(blank=True, db_table='supervision_sign_evidence', related_name='+', to='suggestions.attachment', verbose_name='佐证')),
                ('reopened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='恢复人')),
            ],
            options={
                'verbose_name': '销号',
                'verbose_name_plural': '销号',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('granted__isnull', True)), fields=('entry',), name='signing_off_one_pending'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('applied_by')), _negated=True), _connector='OR'), name='signing_off_two_people')],
            },
        ),
    ]
