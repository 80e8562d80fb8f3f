"""建立第一个管理员。迁移后没有任何账号，管理员只能由这个命令建立。"""
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lianluo.accounts import actions
from lianluo.accounts.roles import ADMINISTRATORS, Role
from lianluo.statemachine import DomainError
from lianluo.workdays import clock


class Command(BaseCommand):
    help = "建立管理员账号，打印一次随机初始密码；首次登录必须改。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="登录名")
        parser.add_argument("name", help="姓名")
        parser.add_argument("--phone", default="", help="手机号，收验证码用")
        parser.add_argument("--email", default="", help="邮箱，收验证码用")
        parser.add_argument("--role", default=Role.SYSADMIN.value, choices=sorted(ADMINISTRATORS), help="哪一员")

    @transaction.atomic
    def handle(self, *args, username, name, phone, email, role, **options):
        try:
            account, password = actions.create_account(
                username=username, name=name, phone=phone, email=email, is_staff=True, actor=None
            )
            actions.grant_role(account, role, actor=None, valid_from=clock.today())
        except DomainError as error:
            raise CommandError(error.sentence) from None
        self.stdout.write(f"已建立{Role(role).label}：{account.name}")
        self.stdout.write(f"登录名：{account.username}")
        self.stdout.write(f"初始密码（只显示一次）：{password}")
