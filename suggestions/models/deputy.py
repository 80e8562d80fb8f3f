from django.conf import settings
from django.db import models

from lianluo.text import fold, pinyin_of

from ..querysets import DeputyQuerySet

PREFECTURES = [
    "长沙市", "株洲市", "湘潭市", "衡阳市", "邵阳市", "岳阳市", "常德市",
    "张家界市", "益阳市", "郴州市", "永州市", "怀化市", "娄底市", "湘西州",
]


class Delegation(models.Model):
    """代表团：按选举单位编成。"""

    congress = models.ForeignKey("congresses.Congress", models.PROTECT, verbose_name="人大")
    name = models.CharField("名称", max_length=40)
    prefecture = models.CharField("市州", max_length=20, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="delegations", verbose_name="代表团工作人员"
    )

    class Meta:
        verbose_name = "代表团"
        verbose_name_plural = "代表团"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "name"], name="delegation_name", violation_error_message="已有同名的代表团"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Deputy(models.Model):
    """代表。电话、地址、代表证号只给办理需要的人看，从不出现在公开页。"""

    congress = models.ForeignKey("congresses.Congress", models.PROTECT, verbose_name="人大")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="deputies", verbose_name="代表团")
    name = models.CharField("姓名", max_length=60)
    name_folded = models.CharField("姓名归一", max_length=60, editable=False, db_index=True)
    pinyin = models.CharField("拼音", max_length=120, blank=True, help_text="生僻字姓名可手工改正")
    initials = models.CharField("拼音首字母", max_length=30, blank=True, db_index=True)
    certificate_no = models.CharField("代表证号", max_length=30, blank=True)
    employer_post = models.CharField("单位及职务", max_length=120, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    email = models.EmailField("邮箱", blank=True)
    address = models.CharField("通讯地址", max_length=120, blank=True)
    postcode = models.CharField("邮编", max_length=6, blank=True)
    served_from = models.DateField("任职起", null=True, blank=True)
    served_to = models.DateField("任职止", null=True, blank=True, help_text="换届或辞职后仍须答复")
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="deputy", verbose_name="账号"
    )

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = "代表"
        verbose_name_plural = "代表"
        ordering = ["delegation", "pinyin", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "certificate_no"], condition=~models.Q(certificate_no=""),
                name="deputy_certificate", violation_error_message="这个代表证号已登记在另一位代表名下",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.name_folded = fold(self.name)
        if not self.pinyin:
            self.pinyin, self.initials = pinyin_of(self.name)
        super().save(*args, **kwargs)
