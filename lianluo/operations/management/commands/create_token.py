"""为一个账号建立接口令牌，只在标准输出打印一次。"""
from django.core.management.base import BaseCommand, CommandError

from lianluo.accounts import actions
from lianluo.accounts.folding import fold_username
from lianluo.accounts.models import User


class Command(BaseCommand):
    help = "建立接口令牌，打印一次原文；权限与账号本人相同。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="登录名")
        parser.add_argument("name", help="用途")
        parser.add_argument("--days", type=int, default=365, help="有效天数，默认 365")

    def handle(self, *args, username, name, days, **options):
        account = User.objects.filter(username_key=fold_username(username), is_active=True).first()
        if account is None:
            raise CommandError(f"没有可登录的账号：{username}")
        if not 1 <= days <= 3650:
            raise CommandError("有效天数填 1 到 3650")
        self.stdout.write(actions.issue_token(account, name[:60], days=days, actor=None))
