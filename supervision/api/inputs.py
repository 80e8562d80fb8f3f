"""督办一层收什么。"""
from __future__ import annotations

from rest_framework import serializers

from lianluo.rest.inputs import Input

MOST_FILES = 10


class ApplyInput(Input):
    """申请销号；佐证以 multipart/form-data 上传。"""

    statement = serializers.CharField(label="销号说明", max_length=1000)
    evidence = serializers.ListField(
        child=serializers.FileField(label="佐证", max_length=200), label="佐证", required=False, default=list,
        max_length=MOST_FILES,
    )


class GrantInput(Input):
    """核准销号。"""

    note = serializers.CharField(label="意见", max_length=500, required=False, default="", allow_blank=True)


class RefuseInput(Input):
    """不予销号。"""

    note = serializers.CharField(label="不予销号的理由", max_length=500)


class ReopenInput(Input):
    """恢复挂账。"""

    reason = serializers.CharField(label="恢复挂账的理由", max_length=500)


class ProgressInput(Input):
    """报进展：数字与文件至少有一样。"""

    text = serializers.CharField(label="进展", max_length=300)
    figure = serializers.CharField(label="数字", max_length=60, required=False, default="", allow_blank=True)
    happened_on = serializers.DateField(label="日期")
    evidence = serializers.FileField(label="文件", required=False, max_length=200)
