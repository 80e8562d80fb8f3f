"""下载：一律作附件，类型固定，浏览器不猜、不执行。"""
from __future__ import annotations

import io
from typing import Protocol

from django.http import FileResponse

from .filenames import content_disposition
from .uploads import CONTENT_TYPES

_SAFE_TYPES = frozenset(CONTENT_TYPES.values()) | {"text/csv; charset=utf-8"}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # default-src 管不到后三样，要各写各的
    "Content-Security-Policy": "sandbox; default-src 'none'; object-src 'none'; base-uri 'none'; "
                               "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class AttachmentLike(Protocol):
    """有 ``file``（Django 的 FieldFile 或打开的文件）和 ``content_type`` 的东西。"""

    file: object
    content_type: str


def download_response(attachment: AttachmentLike, as_name: str) -> FileResponse:
    """附件的下载应答；文件分块读出。"""
    opened = attachment.file.open("rb") if hasattr(attachment.file, "open") else attachment.file
    return _protected(FileResponse(opened), attachment.content_type, as_name)


def bytes_response(content: bytes, content_type: str, as_name: str) -> FileResponse:
    """现做的文件（工作簿、CSV、公文）的下载应答。"""
    return _protected(FileResponse(io.BytesIO(content)), content_type, as_name)


def _protected(response: FileResponse, content_type: str, as_name: str) -> FileResponse:
    response["Content-Type"] = content_type if content_type in _SAFE_TYPES else "application/octet-stream"
    response["Content-Disposition"] = content_disposition(as_name)
    for header, value in _HEADERS.items():
        response[header] = value
    return response
