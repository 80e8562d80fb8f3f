from django.db import models


class ResultClass(models.Model):
    """办理结果类别。各地定义不同，所以是数据；湖南默认 A、B、C。"""

    code = models.CharField("类别", max_length=4)
    scheme = models.CharField("方案", max_length=20, default="HN-DEFAULT")
    name = models.CharField("名称", max_length=40)
    definition = models.CharField("定义", max_length=200)
    resolved = models.BooleanField("视为已解决", default=False)
    in_progress = models.BooleanField("视为正在解决", default=False)
    needs_promise = models.BooleanField("须有承诺事项", default=False)
    needs_explanation = models.BooleanField("须说明理由", default=False)
    is_active = models.BooleanField("在用", default=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "办理结果类别"
        verbose_name_plural = "办理结果类别"
        ordering = ["scheme", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code"], name="result_class_code", violation_error_message="这个方案里已有同样的类别"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
