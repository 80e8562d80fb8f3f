"""各层输出里共有的几样：名称、灯、时限。逐项列出，不用“全部字段”。"""
from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lianluo.workdays import clock, lights


class Named(serializers.Serializer):
    """一条资料的编号与名称。"""

    id = serializers.IntegerField(source="pk", label="编号")
    name = serializers.SerializerMethodField(label="名称")

    def get_name(self, row) -> str:
        return str(row)


class Lamp(serializers.Serializer):
    """一盏灯。"""

    code = serializers.CharField(label="颜色", help_text="green、yellow、orange、red、grey")
    words = serializers.CharField(label="文字")


def lamp(due_on, done: bool) -> dict:
    """读时算出的灯。"""
    found = lights.light(due_on, clock.today(), done)
    return {"code": found.code, "words": found.words}


class DueRow(serializers.Serializer):
    """一条时限。"""

    id = serializers.IntegerField(source="pk", label="编号")
    rule_code = serializers.CharField(label="期限代码")
    name = serializers.SerializerMethodField(label="名称")
    start_on = serializers.DateField(label="起算日")
    due_on = serializers.DateField(label="到期日")
    provisional = serializers.BooleanField(label="暂定")
    met_on = serializers.DateField(label="办到日期", allow_null=True)
    closed_on = serializers.DateField(label="关闭日期", allow_null=True)
    round = serializers.IntegerField(label="轮次")
    explanation = serializers.SerializerMethodField(label="怎样算出来的")

    def get_name(self, row) -> str:
        return getattr(row, "name", "") or f"{row.get_rule_code_display()}期限"

    def get_explanation(self, row) -> str:
        kind = row._meta.model_name.removesuffix("due")
        return f"/api/v1/dues/{kind}/{row.pk}/"


class Lit(serializers.Serializer):
    """带灯的输出：子类说明算不算办完。"""

    light = serializers.SerializerMethodField(label="灯")

    @extend_schema_field(Lamp)
    def get_light(self, row) -> dict:
        return lamp(row.due_on, self.is_done(row))

    def is_done(self, row) -> bool:
        raise NotImplementedError
