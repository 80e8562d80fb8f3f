"""会话的存取：与 Django 的数据库会话相同，只是每个请求都要问的那一条查询编译一次。"""
from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from lianluo.statements import Blank, Statement

_LIVE = Statement(lambda: Session.objects.filter(
    session_key=Blank("key", CharField()), expire_date__gt=Blank("now", DateTimeField())
))


class SessionStore(DatabaseStore):
    """数据库里的会话。"""

    def _validate_session_key(self, key) -> bool:
        """会话号只有字母和数字；浏览器交来别的（空字符 PostgreSQL 查不了）不必问库。"""
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()

    def _get_session_from_db(self):
        found = _LIVE.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
