"""密码：随机初始密码，与不许用本系统字眼的校验（ASVS 6.2.11）。"""
from __future__ import annotations

import re
import secrets
import unicodedata

from django.core.exceptions import ValidationError

from .folding import fold_username

ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
CONTEXT_WORDS = (
    "lianluo", "renda", "jianyi", "daibiao", "hunan", "hnrd", "changsha", "banli", "duban", "admin", "password",
    "qwerty", "人大", "建议", "代表", "联络", "湖南", "省",
)


def initial_password() -> str:
    """14 位随机密码，不含易混的字符；首次登录必须改。"""
    return "".join(secrets.choice(ALPHABET) for _ in range(14))


class ContextWordsValidator:
    """用了本系统、本机关或本人字眼的，去掉字眼和数字后还须剩下 4 个字。"""

    def validate(self, password: str, user=None) -> None:
        rest = whole = unicodedata.normalize("NFKC", password).casefold()
        for word in (*CONTEXT_WORDS, *_own_words(user)):
            rest = rest.replace(word, "")
        if rest != whole and len(re.sub(r"[\d\W_]+", "", rest)) < 4:
            raise ValidationError("密码太容易猜到，换一个不含单位、姓名、登录名和年份的", code="password_context")

    def get_help_text(self) -> str:
        return "不用单位、姓名、登录名和年份拼成密码。"


def _own_words(user) -> tuple[str, ...]:
    """本人的登录名、姓名、手机号。"""
    own = (getattr(user, name, "") for name in ("username", "name", "phone"))
    return tuple(word for word in map(fold_username, own) if len(word) >= 2)
