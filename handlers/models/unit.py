"""承办单位、处室、职务。机构改革靠有效期与承接单位表达，历史件保留当时名称。"""
from django.conf import settings
from django.db import models
from django.db.models import Q

from lianluo.text import pinyin_of

from ..querysets import PostQuerySet, UnitQuerySet


class UnitKind(models.TextChoices):
    """单位类别：排名与统计按类别分组。"""

    GOVERNMENT = "government", "省政府部门"
    PARTY = "party", "党群"
    COURT = "court", "两院"
    CENTRAL = "central", "中央在湘"
    PREFECTURE = "prefecture", "市州"


#: 由政府办公厅协调交办、裁决退回与延期的单位类别
GOVERNMENT_KINDS = (UnitKind.GOVERNMENT, UnitKind.PREFECTURE)


class Unit(models.Model):
    """承办单位。"""

    congress = models.ForeignKey("congresses.Congress", models.PROTECT, verbose_name="人大")
    code = models.CharField("编码", max_length=20)
    name = models.CharField("全称", max_length=60)
    short = models.CharField("简称", max_length=30)
    kind = models.CharField("类别", max_length=12, choices=UnitKind)
    pinyin = models.CharField("拼音", max_length=200, blank=True)
    initials = models.CharField("拼音首字母", max_length=40, blank=True)
    document_prefix = models.CharField("发文字号前缀", max_length=20, blank=True, help_text="如 湘财建")
    phone = models.CharField("办公电话", max_length=40, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    valid_from = models.DateField("成立", null=True, blank=True)
    valid_to = models.DateField("撤并", null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="承接单位")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "承办单位"
        verbose_name_plural = "承办单位"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "code"], name="unit_code", violation_error_message="这个编码已有单位在用"
            )
        ]

    def __str__(self) -> str:
        return self.short

    @property
    def is_government(self) -> bool:
        """退回与延期是否由政府办公厅裁决。"""
        return self.kind in GOVERNMENT_KINDS

    def save(self, *args, **kwargs):
        if not self.initials:
            self.pinyin, self.initials = pinyin_of(self.short)
        super().save(*args, **kwargs)


class Division(models.Model):
    """处室。"""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="divisions", verbose_name="单位")
    name = models.CharField("名称", max_length=40)
    position = models.PositiveSmallIntegerField("次序", default=0)
    valid_to = models.DateField("撤并", null=True, blank=True)

    class Meta:
        verbose_name = "处室"
        verbose_name_plural = "处室"
        ordering = ["unit", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], name="division_name", violation_error_message="这个单位已有同名的处室"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Duty(models.TextChoices):
    """在办理工作中的职责。"""

    HEAD = "head", "主要负责人"
    DEPUTY_HEAD = "deputy_head", "分管领导"
    LIAISON = "liaison", "联络员"
    DIVISION_HEAD = "division_head", "处室负责人"
    OFFICER = "officer", "具体承办人"
    LOCAL_BUREAU = "local_bureau", "市州对口局协助人"
    ROOM_LIAISON = "room_liaison", "处室联络员"
    COUNTERPART = "counterpart", "对口联系人"
    SERVICE_HEAD = "service_head", "服务代表工作组长"
    SERVICE_DEPUTY = "service_deputy", "服务代表工作副组长"
    SERVICE_MEMBER = "service_member", "服务代表工作成员"


class Rank(models.IntegerChoices):
    """职级：数字越大职级越高，“处级以上”即不低于 DIVISION。"""

    STAFF = 10, "科级及以下"
    SECTION = 20, "科级负责人"
    DIVISION = 30, "处级"
    BUREAU = 40, "厅级"


class Post(models.Model):
    """任职：谁、在哪个单位哪个处室、什么职责、起止。单位里的角色由有效任职得出。"""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="单位")
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="处室"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="账号"
    )
    name = models.CharField("姓名", max_length=60)
    title = models.CharField("职务", max_length=60, blank=True)
    duty = models.CharField("职责", max_length=14, choices=Duty)
    rank = models.PositiveSmallIntegerField("职级", choices=Rank, default=Rank.STAFF)
    phone = models.CharField("电话", max_length=40, blank=True)
    valid_from = models.DateField("任职起")
    valid_to = models.DateField("任职止", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ["unit", "-rank", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(duty="head", valid_to__isnull=True), name="post_one_head",
                violation_error_message="这个单位已有在任的主要负责人，先填他的任职止",
            ),
            models.UniqueConstraint(
                fields=["division"], condition=Q(duty="room_liaison", valid_to__isnull=True),
                name="post_one_room_liaison",
                violation_error_message="这个处室已有在任的联络员，先办交接",
            ),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(duty="service_head", valid_to__isnull=True), name="post_one_service_head",
                violation_error_message="这个单位已有在任的服务代表工作组长，先填他的任职止",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.title or self.get_duty_display()}）"
