import uuid

from django.conf import settings
from django.db import models

from lianluo.audit.context import moment


class Purpose(models.TextChoices):
    """附件用途；能看到什么由用途与件的可见范围共同决定。"""

    MATERIAL = "material", "附件材料"
    ORIGINAL = "original", "原件扫描"
    RETURN = "return", "退回申请材料"
    EXTENSION = "extension", "延期申请材料"
    CONTACT = "contact", "沟通照片或记录"
    OPINION = "opinion", "会办意见附件"
    REPLY = "reply", "答复附件"
    SEALED = "sealed", "答复盖章扫描件"
    EVALUATION = "evaluation", "纸质意见表扫描件"
    EVIDENCE = "evidence", "销号佐证"


def stored_name(attachment: "Attachment", shown_name: str) -> str:
    """库内文件名是随机的，与原名无关；扩展名也不留，类型记在列里。"""
    return f"{attachment.suggestion_id}/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """件下的一个文件。``about`` 指它属于哪条记录，如 ``activity:12``；空为件本身。"""

    suggestion = models.ForeignKey(
        "suggestions.Suggestion", models.CASCADE, related_name="attachments", verbose_name="件"
    )
    purpose = models.CharField("用途", max_length=12, choices=Purpose)
    about = models.CharField("所属记录", max_length=40, blank=True, db_index=True)
    content = models.FileField("文件", upload_to=stored_name, max_length=120)
    shown_name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("摘要", max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间", default=moment, editable=False)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"
