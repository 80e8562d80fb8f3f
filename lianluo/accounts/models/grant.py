"""授权：谁在哪一级人大担任什么角色，从哪天到哪天。"""
from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from lianluo.workdays import clock

from ..roles import ADMINISTRATORS, Role, conflict, provided


class RoleGrantQuerySet(models.QuerySet):
    def active(self, today: date):
        """某日有效：起日当天起，止日前一天止。"""
        return self.filter(valid_from__lte=today).not_ended(today)

    def not_ended(self, today: date):
        """还没有到期的，含以后才开始的。"""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))


class RoleGrant(models.Model):
    """一行授权。止日当天起失效，因此撤销立即生效。"""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants", verbose_name="账号"
    )
    role = models.CharField("角色", max_length=20, choices=Role)
    congress = models.ForeignKey(
        "congresses.Congress", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人大"
    )
    valid_from = models.DateField("起", default=clock.today)
    valid_to = models.DateField("止（当天起失效）", null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "授权"
        verbose_name_plural = "授权"
        ordering = ["account_id", "role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "congress"], name="grant_active_congress",
                condition=Q(valid_to__isnull=True, congress__isnull=False),
                violation_error_message="这个人已有同样的授权",
            ),
            models.UniqueConstraint(
                fields=["account", "role"], name="grant_active_role",
                condition=Q(valid_to__isnull=True, congress__isnull=True),
                violation_error_message="这个人已有同样的授权",
            ),
            models.UniqueConstraint(
                fields=["account"], name="grant_one_administrator",
                condition=Q(valid_to__isnull=True, role__in=sorted(ADMINISTRATORS)),
                violation_error_message="系统、安全、审计管理员由不同的人担任",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="grant_days",
                violation_error_message="止日不能早于起日",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.get_role_display()}"

    def clean(self) -> None:
        """三员互斥，也不兼业务角色（等保访问控制 d）。"""
        today = clock.today()
        if self.account_id is None or not self.role or (self.valid_to and self.valid_to <= today):
            return
        others = type(self).objects.filter(account_id=self.account_id).exclude(pk=self.pk).not_ended(today)
        sentence = conflict(self.role, provided(self.account).union(others.values_list("role", flat=True)))
        if sentence:
            raise ValidationError({"role": sentence})
