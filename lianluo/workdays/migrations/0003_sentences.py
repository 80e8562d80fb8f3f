"""约束不满足时说的话，数据库不变。"""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workdays', '0002_rules_and_calendar'),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='deadlinerule',
            name='deadlinerule_once',
            constraint=models.UniqueConstraint(fields=('profile', 'code'), name='deadlinerule_once', violation_error_message='这一期限已有一条规则'),
        ),
        migrations.AlterConstraint(
            model_name='deadlinerule',
            name='deadlinerule_amount',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 1)), name='deadlinerule_amount', violation_error_message='数量至少是 1'),
        ),
        migrations.AlterConstraint(
            model_name='deadlinerule',
            name='deadlinerule_reply_law',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code', 'reply_normal'), _negated=True), models.Q(('amount__lte', 3), ('measure', 'month')), _connector='OR'), name='deadlinerule_reply_law', violation_error_message='答复期限按月计，不超过法定的 3 个月'),
        ),
        migrations.AlterConstraint(
            model_name='deadlinerule',
            name='deadlinerule_max_law',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code', 'reply_max'), _negated=True), models.Q(('amount__lte', 6), ('measure', 'month')), _connector='OR'), name='deadlinerule_max_law', violation_error_message='答复最长期限按月计，不超过法定的 6 个月'),
        ),
    ]
