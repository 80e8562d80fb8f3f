"""说明书：每个操作有中文的名称、标签、拒绝时的样子，与“只办一次”的请求头。"""
from __future__ import annotations

from functools import cache

from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from .once import HEADER


class MissingItem(serializers.Serializer):
    """还差的一项。"""

    sentence = serializers.CharField(label="缺什么")
    code = serializers.CharField(label="出自哪条规则", allow_blank=True)


class Refusal(serializers.Serializer):
    """拒绝时的样子。"""

    detail = serializers.CharField(label="一句话")
    field = serializers.CharField(label="所指的项", allow_null=True)
    missing = MissingItem(many=True, label="还差的各项")
    errors = serializers.DictField(label="各项的提示")


REFUSALS = {
    "400": "内容没有填对，各项的提示在 errors 里", "401": "没有登录，或者令牌失效", "403": "看得到，但不归此账号办理",
    "404": "没有这条记录，或者不在可见范围内", "409": "现在的状态下不能这样办，或者他人已先行一步",
    "413": "内容超过上限", "415": "内容的格式不收", "422": "条件不足，缺什么列在 missing 里",
    "429": "请求太多，稍后再试",
}
READING = ("400", "401", "403", "404", "429")
WRITING = tuple(REFUSALS)


class Generator(SchemaGenerator):
    """说明书与谁来问、问哪一版无关，一个进程只做一次：谁都打得开的页，不能每开一次算半秒。"""

    def get_schema(self, request=None, public=False) -> dict:
        return _whole()


@cache
def _whole() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


class TokenScheme(OpenApiAuthenticationExtension):
    """接口令牌。"""

    target_class = "lianluo.accounts.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        return {
            "type": "apiKey", "in": "header", "name": "Authorization",
            "description": "在个人设置里建立令牌，请求头写 Authorization: Token ll_…",
        }


class Schema(AutoSchema):
    """说明书里的一个操作。"""

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "noun", "") or "其他"]

    def get_summary(self) -> str | None:
        noun = getattr(self.view, "noun", "")
        named = {"list": f"{noun}列表", "retrieve": f"一条{noun}"}
        return named.get(getattr(self.view, "action", ""))

    def get_override_parameters(self) -> list:
        found = []
        if self.method == "POST":
            found.append(OpenApiParameter(
                HEADER, str, OpenApiParameter.HEADER, description="可选。同一个键再来，给出第一次的结果，不再办第二遍",
            ))
        orderings = getattr(self.view, "orderings", None)
        if orderings and getattr(self.view, "action", "") == "list":
            found.append(OpenApiParameter(
                "ordering", str, OpenApiParameter.QUERY, enum=list(orderings), description="排序；前面加 - 是倒序",
            ))
        return found

    def _resolve_path_parameters(self, variables) -> list:
        """地址里的编号都是整数。"""
        found = super()._resolve_path_parameters(variables)
        for one in found:
            if one["name"] in ("id", "pk"):
                one["schema"], one["description"] = {"type": "integer"}, "编号"
        return found

    def _get_filter_parameters(self) -> list:
        """筛选条件没有写明名称的，用它在模型里的名称；页面自己带着走的（隐藏的）不写。"""
        found = super()._get_filter_parameters()
        filters = self._filters() if found else {}
        hidden = {name for name, one in filters.items() if one.field.widget.is_hidden}
        for one in found:
            if not one.get("description") and one["name"] in filters:
                one["description"] = str(filters[one["name"]].label)
        return [one for one in found if one["name"] not in hidden]

    def _filters(self) -> dict:
        queryset = self.view.queryset
        filterset = DjangoFilterBackend().get_filterset_class(self.view, queryset)
        return filterset(queryset=queryset).filters if filterset else {}

    def _get_response_bodies(self, direction="response") -> dict:
        responses = super()._get_response_bodies(direction)
        for code in READING if self.method == "GET" else WRITING:
            if code not in responses:
                body = self._get_response_for_code(Refusal, code, direction=direction)
                responses[code] = {**body, "description": REFUSALS[code]}
        return dict(sorted(responses.items()))
