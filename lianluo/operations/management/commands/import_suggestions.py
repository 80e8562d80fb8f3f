"""导入一张建议表。"""
from __future__ import annotations

import json
from pathlib import Path

from lianluo.accounts.folding import fold_username
from lianluo.accounts.models import User
from lianluo.congresses.models import Session, current_session, session_by_code
from lianluo.operations.management.usage import UsageCommand, UsageError
from lianluo.workdays import clock
from suggestions import access
from suggestions.actions import importing
from suggestions.importing import report as reports
from suggestions.importing.report import Report

REFUSED = 1


class Command(UsageCommand):
    help = "导入一张建议表：import_suggestions 汇总表.xlsx --session 14-4 --dry-run --json"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", help=".xlsx 或 .csv")
        parser.add_argument("--session", help="届-次，如 14-4；默认本次会议")
        parser.add_argument("--actor", help="以谁的名义（登录名或姓名）；默认系统")
        parser.add_argument("--good-rows", action="store_true", help="只导入正确的行；默认全部正确才导入")
        parser.add_argument("--create-deputies", action="store_true", help="名册里没有的代表，新建")
        parser.add_argument("--dry-run", action="store_true", help="只预检，不写入")
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def handle(self, *args, **options) -> None:
        report = _import(options)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(report, dry_run=options["dry_run"])))
        if not report.ok:
            raise SystemExit(REFUSED)


def _import(options: dict) -> Report:
    path, session, actor = _file(options["file"]), _session(options["session"]), _actor(options["actor"])
    if actor is not None and not access.may(actor, "import"):
        return reports.of_sentence(f"{actor.name}没有导入建议的权限，换一个账号")
    with path.open("rb") as file:
        return importing.import_file(
            file, name=path.name, session=session, good_rows_only=options["good_rows"],
            create_deputies=options["create_deputies"], dry_run=options["dry_run"], actor=actor, today=clock.today(),
        )


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"没有这个文件：{name}")
    return path


def _session(code: str | None) -> Session:
    session = session_by_code(code) if code else current_session()
    if session is None:
        raise UsageError(f"没有“{code}”这次会议，写成 14-4" if code else "还没有设置届次会议，先在设置里建立")
    return session


def _actor(name: str | None) -> User | None:
    if name is None:
        return None
    found = User.objects.filter(username_key=fold_username(name)) or User.objects.filter(name=name)
    if len(found) != 1:
        raise UsageError(f"“{name}”有 {len(found)} 个账号，写登录名" if found else f"没有“{name}”这个账号")
    return found[0]


def _lines(report: Report, *, dry_run: bool) -> list[str]:
    head = ("可以导入：" if dry_run else "已导入：") if report.ok else "没有导入："
    counts = f"新增 {report.created} 件，更新 {report.updated} 件，不变 {report.unchanged} 件"
    return [
        f"{head}{counts}；正确的共 {report.rows_ok} 行", *(f"问题　{problem}" for problem in report.errors),
        *(f"提醒　{problem}" for problem in report.warnings),
    ]
