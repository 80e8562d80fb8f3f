from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce


class CategoryQuerySet(models.QuerySet):
    def in_use_by_tree(self):
        """在用的，一级之后跟着它的二级。"""
        first = Coalesce("parent__position", "position"), Coalesce("parent_id", "id")
        return self.filter(is_active=True).order_by(*first, F("parent_id").asc(nulls_first=True), "position", "id")


class Category(models.Model):
    """内容分类：一级十个方面固定，二级可编辑。"""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    name = models.CharField("名称", max_length=40)
    position = models.PositiveSmallIntegerField("次序", default=0)
    is_active = models.BooleanField("在用", default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "内容分类"
        verbose_name_plural = "内容分类"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], name="category_name", violation_error_message="这一类下已有同名的分类"
            )
        ]

    def __str__(self) -> str:
        return self.name
