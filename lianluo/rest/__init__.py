"""接口的底子：分页与异常。设置里指名，所以这里不引入视图，免得与框架循环导入。

其余各在自己的文件：``inputs`` 收什么、``once`` 只办一次、``resources`` 怎样读写、``schema`` 怎样写说明书。
"""
from __future__ import annotations

from rest_framework.pagination import PageNumberPagination


class Pagination(PageNumberPagination):
    """每页 50 条，最多 200 条。"""

    page_size_query_param = "page_size"
    max_page_size = 200
    page_query_description = "第几页，从 1 起"
    page_size_query_description = "每页几条，最多 200"

    def get_paginated_response_schema(self, schema: dict) -> dict:
        """说明书里一页的样子。"""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "title": "共几条"}, "next": {**link, "title": "下一页"},
                "previous": {**link, "title": "上一页"}, "results": {**schema, "title": "这一页"},
            },
        }


def exception_handler(error: Exception, context: dict):
    """接口的一切拒绝都是一句中文。"""
    from .refusals import answer

    return answer(error, context)
