"""命令的用法错误：一句中文，退出码 2。"""
from __future__ import annotations

from datetime import date
from types import MethodType
from typing import NoReturn

from django.core.management.base import BaseCommand, CommandError

USAGE = 2


class UsageError(CommandError):
    """用法不对：没有这个名字、日期认不出、选项不全。"""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, returncode=USAGE)


def day_of(option: str, text: str) -> date:
    """选项里的日期，写成 2026-07-09。"""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} 写成 2026-07-09 这样的日期，现在是“{text}”") from error


class UsageCommand(BaseCommand):
    """选项写错时也用中文说，退出码同样是 2。"""

    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = MethodType(_refuse, parser)
        return parser


def _refuse(parser, message: str) -> NoReturn:
    sentence = f"选项不对（{message}），用法见 {parser.prog} --help"
    if parser.called_from_command_line:
        parser.exit(USAGE, sentence + "\n")
    raise UsageError(sentence)
