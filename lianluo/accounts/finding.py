"""由取码人填的手机号、邮箱或登录名找账号：一次查询，多人共用的号码不猜是谁。"""
from __future__ import annotations

from django.db.models import Q

from .folding import fold_username, plain_email, plain_phone
from .models import User


def find_for_code(contact: str) -> tuple[User | None, str]:
    """返回（账号或 None，送达方式）。填邮箱的送邮箱。"""
    key, email, phone = fold_username(contact), plain_email(contact), plain_phone(contact)
    where = Q(username_key=key)
    if "@" in email:
        where |= Q(email=email)
    if len(phone) >= 7:
        where |= Q(phone=phone)
    found = list(User.objects.filter(where, is_active=True)[:3])
    named = [account for account in found if account.username_key == key]
    account = named[0] if named else (found[0] if len(found) == 1 else None)
    return account, "email" if account and "@" in email and account.email == email else ""
