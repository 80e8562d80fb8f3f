"""约束不满足时说的话，数据库不变。"""
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('congresses', '0002_sentences'),
        ('suggestions', '0003_bigrams'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='category',
            name='category_name',
            constraint=models.UniqueConstraint(fields=('parent', 'name'), name='category_name', violation_error_message='这一类下已有同名的分类'),
        ),
        migrations.AlterConstraint(
            model_name='delegation',
            name='delegation_name',
            constraint=models.UniqueConstraint(fields=('congress', 'name'), name='delegation_name', violation_error_message='已有同名的代表团'),
        ),
        migrations.AlterConstraint(
            model_name='deputy',
            name='deputy_certificate',
            constraint=models.UniqueConstraint(condition=models.Q(('certificate_no', ''), _negated=True), fields=('congress', 'certificate_no'), name='deputy_certificate', violation_error_message='这个代表证号已登记在另一位代表名下'),
        ),
    ]
