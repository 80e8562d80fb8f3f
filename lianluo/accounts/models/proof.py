"""身份凭据：会话、验证码、个人链接、接口令牌。库里只存摘要，原文只出现一次。"""
from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

#: 浏览器报的名字里的记号 → 平常的叫法；壳子在前，内核在后
BROWSERS = {
    "wxwork": "企业微信", "MicroMessenger": "微信", "DingTalk": "钉钉", "HuaweiBrowser": "华为浏览器",
    "MiuiBrowser": "小米浏览器", "QQBrowser": "QQ 浏览器", "Edg": "微软浏览器", "Firefox": "火狐浏览器",
    "Chrome": "谷歌浏览器", "Safari": "苹果浏览器",
}
MACHINES = {
    "iPhone": "苹果手机", "iPad": "苹果平板", "HarmonyOS": "鸿蒙设备", "Android": "安卓手机", "Windows": "Windows 电脑",
    "Mac OS": "苹果电脑", "Linux": "Linux 电脑",
}


class UserSession(models.Model):
    """一次登录。供本人查看与结束（ASVS 7.5.2）。"""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="sessions", verbose_name="账号"
    )
    key_hash = models.CharField("会话摘要", max_length=64, unique=True)
    ip = models.CharField("来源地址", max_length=45, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    started_at = models.DateTimeField("登录时间", default=timezone.now)
    last_seen_at = models.DateTimeField("最近使用", default=timezone.now)

    class Meta:
        verbose_name = "登录"
        verbose_name_plural = "登录"
        ordering = ["-last_seen_at", "-id"]

    def __str__(self) -> str:
        return f"{self.account} {timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"

    @property
    def device(self) -> str:
        """什么机器上的什么浏览器，给本人认；认不出的说认不出。"""
        known = [
            next((words for mark, words in marks.items() if mark in self.agent), "") for marks in (MACHINES, BROWSERS)
        ]
        return "，".join(word for word in known if word) or "认不出的浏览器"


class OneTimeCode(models.Model):
    """一次性验证码。没有对应账号的行用来使页面与耗时都看不出账号是否存在。"""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    purpose = models.CharField("用途", max_length=20)
    binding = models.CharField("会话绑定摘要", max_length=64, db_index=True)
    code_hash = models.CharField("验证码摘要", max_length=64)
    ip = models.CharField("来源地址", max_length=45, blank=True)
    issued_at = models.DateTimeField("发出时间", default=timezone.now)
    expires_at = models.DateTimeField("失效时间")
    tries = models.PositiveSmallIntegerField("已填次数", default=0)
    used_at = models.DateTimeField("用过时间", null=True, blank=True)

    class Meta:
        verbose_name = "验证码"
        verbose_name_plural = "验证码"
        ordering = ["-issued_at", "-id"]
        indexes = [
            models.Index(fields=["account", "issued_at"], name="code_account_issued"),
            models.Index(fields=["ip", "issued_at"], name="code_ip_issued"),
        ]

    def __str__(self) -> str:
        return f"{self.account or '无账号'} {timezone.localtime(self.issued_at):%Y-%m-%d %H:%M}"


class PersonalLink(models.Model):
    """个人链接：只给一个人、只为一件事。打开不算用掉，提交才用掉。"""

    purpose = models.CharField("用途", max_length=30)
    subject = models.CharField("对象", max_length=160)
    token_hash = models.CharField("链接摘要", max_length=64, unique=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    deputy_id = models.BigIntegerField("代表", null=True, blank=True, db_index=True)
    issued_at = models.DateTimeField("发出时间", default=timezone.now)
    expires_at = models.DateTimeField("失效时间")
    opened_at = models.DateTimeField("首次打开", null=True, blank=True)
    used_at = models.DateTimeField("用掉时间", null=True, blank=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = "个人链接"
        verbose_name_plural = "个人链接"
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["purpose", "subject"], name="link_purpose_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="link_days"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject}"


class ApiToken(models.Model):
    """接口令牌：代本人调用接口，权限与本人相同，随时可撤销。"""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_tokens", verbose_name="账号"
    )
    name = models.CharField("用途", max_length=60)
    digest = models.CharField("令牌摘要", max_length=64, unique=True)
    prefix = models.CharField("开头", max_length=12)
    created_at = models.DateTimeField("建立时间", default=timezone.now)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    expires_at = models.DateTimeField("失效时间", null=True, blank=True)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "接口令牌"
        verbose_name_plural = "接口令牌"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}…）"

    def works_at(self, now) -> bool:
        """此刻是否有效。"""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)
