import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('congresses', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', '待发送'), ('sent', '已发送'), ('failed', '将自动重试'), ('given_up', '发送失败'), ('skipped', '不必发送')], default='pending', max_length=10, verbose_name='状态')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='下次发送')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='开始发送')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='送出时间')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='未成原因')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='建立时间')),
                ('day', models.DateField(verbose_name='日期')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='收件人')),
            ],
            options={
                'verbose_name': '汇总邮件',
                'verbose_name_plural': '汇总邮件',
                'ordering': ['-day', '-id'],
                'indexes': [models.Index(fields=['state', 'next_try_at'], name='digest_due')],
                'constraints': [models.UniqueConstraint(fields=('recipient', 'day'), name='digest_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.BigIntegerField(blank=True, null=True, verbose_name='件')),
                ('about', models.CharField(max_length=60, verbose_name='事项')),
                ('kind', models.CharField(max_length=40, verbose_name='种类')),
                ('rung', models.CharField(blank=True, default='', max_length=20, verbose_name='层级')),
                ('subject', models.CharField(max_length=200, verbose_name='标题')),
                ('body', models.TextField(blank=True, verbose_name='正文')),
                ('url', models.CharField(blank=True, max_length=200, verbose_name='去处')),
                ('urgent', models.BooleanField(default=False, verbose_name='紧急')),
                ('batch', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='批次')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='阅读时间')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                ('congress', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='congresses.congress', verbose_name='人大')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='收件人')),
            ],
            options={
                'verbose_name': '通知',
                'verbose_name_plural': '通知',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['recipient', '-created_at'], name='notice_inbox'), models.Index(condition=models.Q(('done_at', None), ('read_at', None)), fields=['recipient'], name='notice_unread'), models.Index(fields=['case_id'], name='notice_case')],
                'constraints': [models.UniqueConstraint(fields=('about', 'kind', 'rung', 'recipient'), name='notice_once')],
            },
        ),
        migrations.CreateModel(
            name='NoticeDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', '待发送'), ('sent', '已发送'), ('failed', '将自动重试'), ('given_up', '发送失败'), ('skipped', '不必发送')], default='pending', max_length=10, verbose_name='状态')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='下次发送')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='开始发送')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='送出时间')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='未成原因')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='建立时间')),
                ('channel', models.CharField(choices=[('email', '邮件'), ('sms', '短信')], max_length=10, verbose_name='渠道')),
                ('digest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notices.digest', verbose_name='汇总邮件')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.notice', verbose_name='通知')),
            ],
            options={
                'verbose_name': '发送记录',
                'verbose_name_plural': '发送记录',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['state', 'next_try_at'], name='delivery_due')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'channel'), name='delivery_once')],
            },
        ),
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_email', models.BooleanField(default=True, verbose_name='每个工作日早上收一封汇总邮件')),
                ('by_sms', models.BooleanField(default=True, verbose_name='紧急事项收短信')),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
            ],
            options={
                'verbose_name': '通知设置',
                'verbose_name_plural': '通知设置',
            },
        ),
    ]
