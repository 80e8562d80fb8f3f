"""演示账号：只在演示形态下列在登录页，数据由演示命令写在 var/demo_accounts.json。"""
from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings


def demo_accounts() -> list[dict[str, str]]:
    """每项含 label、username、password、what；不是演示形态或没有文件时为空。"""
    path = Path(settings.VAR_DIR) / "demo_accounts.json"
    if not settings.DEMO or not path.is_file():
        return []
    return [row for row in json.loads(path.read_text(encoding="utf-8")) if row.get("username") and row.get("password")]
