"""登录名、手机号、验证码的统一写法：全角与半角、大小写、空格与连字符不算不同。"""
from __future__ import annotations

import re
import unicodedata


def fold_username(text: str) -> str:
    """登录名的比较形式：NFKC、去空白、不分大小写（等保身份鉴别 a：标识唯一）。"""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).casefold()


def plain_digits(text: str) -> str:
    """只留数字；全角数字、空格、连字符都接受。"""
    folded = unicodedata.normalize("NFKC", text or "")
    return "".join(str(unicodedata.decimal(char)) for char in folded if unicodedata.decimal(char, None) is not None)


def plain_phone(text: str) -> str:
    """电话只留数字，去掉 +86 国家码。"""
    folded = unicodedata.normalize("NFKC", text or "").strip()
    return plain_digits(re.sub(r"^(\+|00)86", "", folded))


def plain_email(text: str) -> str:
    """邮箱的比较形式：NFKC、去空白、小写。"""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).lower()


def masked(phone: str) -> str:
    """列表里的电话：138****1402。"""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else phone


def tail(phone: str) -> str:
    """电话末四位，给本人辨认用。"""
    return phone[-4:]
