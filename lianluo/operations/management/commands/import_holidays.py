"""录入一年的放假安排，并重算还在走的到期日。"""
from __future__ import annotations

from pathlib import Path

from django.core.management.base import CommandError

from lianluo.operations.management.usage import UsageCommand, UsageError
from lianluo.statemachine import DomainError
from lianluo.workdays import actions, importing, loading
from lianluo.workdays.calendar import current
from lianluo.workdays.clock import today


class Command(UsageCommand):
    help = "录入放假安排：import_holidays 2027.csv --source 国办发明电〔2026〕8号；或 --library 取随包数据里的新年份"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", nargs="?", help="CSV 文件，列为 日期,是否上班,名称,来源")
        parser.add_argument("--year", type=int, help="年份；不写时看文件里最多的那一年")
        parser.add_argument("--source", default="", help="放假通知的文号或名称")
        parser.add_argument("--library", action="store_true", help="取 chinesecalendar 里尚未录入的年份")

    def handle(self, *args, **options) -> None:
        if bool(options["file"]) == options["library"]:
            raise UsageError("写文件名或 --library，两者写一个")
        files = _library_files() if options["library"] else [_read(options)]
        if not files:
            self.stdout.write("没有新的年份可录入")
        for file in files:
            self._import(file)

    def _import(self, file: importing.YearFile) -> None:
        change = actions.import_year(file, today=today(), actor=None)
        self.stdout.write(
            f"{file.year}年：录入 {len(file.days)} 天，来源 {file.source}；移动到期日 {len(change.moves)} 个"
        )
        for move in change.moves:
            self.stdout.write(f"  {move.obj}：{move.old} → {move.new}")


def _read(options: dict) -> importing.YearFile:
    try:
        content = Path(options["file"]).read_bytes()
    except OSError:
        raise UsageError(f"打不开文件“{options['file']}”，检查文件名") from None
    try:
        return importing.read_year(content, year=options["year"], source=options["source"])
    except DomainError as refused:
        lines = [str(item) for item in refused.missing] or [refused.sentence]
        raise CommandError("\n".join(lines)) from None


def _library_files() -> list[importing.YearFile]:
    days = loading.library_days()
    return [
        importing.YearFile(year, loading.library_source(year), tuple(
            importing.FileDay(day, works, name, "")
            for day, (works, name) in sorted(days.items()) if day.year == year
        ))
        for year in loading.library_years() if year not in current().covered
    ]
