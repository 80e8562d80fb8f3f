"""短信渠道。网关由 SMS_BACKEND 指定，默认写成文件；接真网关时另写一个带 send 的类。"""
from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from lianluo.workdays import clock

from ..posting import one_line

SMS_LENGTH = 300


class Backend(Protocol):
    """短信网关：送出一条，不成抛异常。"""

    def send(self, phone: str, text: str) -> None: ...


class FileBackend:
    """每天一个文件，一行一条 JSON。一次写入一行，多个进程同时写也不会串行。"""

    def send(self, phone: str, text: str) -> None:
        now = clock.now()
        folder = Path(settings.SMS_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"at": now.isoformat(), "phone": phone, "text": text}, ensure_ascii=False) + "\n"
        handle = os.open(folder / f"{now:%Y-%m-%d}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)


def send_text(phone: str, text: str) -> None:
    """送一条短信；文字折成一行并截短。"""
    backend: Backend = import_string(settings.SMS_BACKEND)()
    backend.send(phone, one_line(text, SMS_LENGTH))
