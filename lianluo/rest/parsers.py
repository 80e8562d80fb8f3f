"""读 JSON：太大、太深、不成文的都当场说清，不拖垮进程。"""
from __future__ import annotations

from django.conf import settings
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser as PlainJSONParser

UNREADABLE = "请求的内容不是能读的 JSON"


class TooLarge(APIException):
    """超过设置里的上限。"""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"内容超过 {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024} MB，分几次提交"


class JSONParser(PlainJSONParser):
    """先看大小再读；套得太深的不读。"""

    def parse(self, stream, media_type=None, parser_context=None):
        _refuse_too_large((parser_context or {}).get("request"))
        try:
            return super().parse(stream, media_type, parser_context)
        except (ParseError, RecursionError) as error:
            raise ParseError(UNREADABLE) from error


def _refuse_too_large(request) -> None:
    length = str(request.META.get("CONTENT_LENGTH") or "0") if request is not None else "0"
    if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise TooLarge
