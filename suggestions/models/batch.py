from django.conf import settings
from django.db import models

from lianluo.audit.context import moment


class ImportBatch(models.Model):
    """一次导入：先预检后写入，未交办前可整批撤销。原文件留存，不含宏。"""

    session = models.ForeignKey("congresses.Session", models.PROTECT, verbose_name="会议")
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("文件摘要", max_length=64, db_index=True)
    content = models.FileField("原文件", upload_to="imports/", max_length=200)
    good_rows_only = models.BooleanField("只导入正确的行", default=False)
    create_deputies = models.BooleanField("代表不在名册时新建", default=False)
    report = models.JSONField("预检结果", default=dict)
    rows_total = models.PositiveIntegerField("行数", default=0)
    rows_done = models.PositiveIntegerField("已处理行数", default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="导入人"
    )
    made_at = models.DateTimeField("上传时间", default=moment, editable=False)
    started_at = models.DateTimeField("开始写入", null=True)
    finished_at = models.DateTimeField("写完", null=True)
    undone_at = models.DateTimeField("撤销", null=True)
    failure = models.TextField("未能写入的原因", blank=True)

    class Meta:
        verbose_name = "导入批次"
        verbose_name_plural = "导入批次"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
