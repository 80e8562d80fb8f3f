"""装入四套规则与 2004 年以来的放假安排。只补没有的，从不改动已有的行。

模型类由调用者给出：迁移里是当时的模型，清空库之后是现在的模型。
"""
from __future__ import annotations

from datetime import date
from importlib.metadata import version

from chinese_calendar import constants
from django.apps import apps as installed

from . import profiles

NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def library_days() -> dict[date, tuple[bool, str]]:
    """日期 → （是否上班，名称）：放假的与调休上班的，全部年份。"""
    def name(kind: str) -> str:
        chinese = constants.Holiday(kind).chinese
        return NAMES.get(chinese, chinese)

    days = {day: (False, name(kind)) for day, kind in constants.holidays.items()}
    days.update({day: (True, f"{name(kind)}调休") for day, kind in constants.workdays.items()})
    return days


def library_years() -> list[int]:
    """数据所及的年份。"""
    return sorted({day.year for day in constants.holidays})


def library_source(year: int) -> str:
    """来源：官方通知与数据出处。"""
    return f"国务院办公厅{year}年节假日安排（随程序安装的节假日表 {version('chinesecalendar')} 版）"


def load_calendar(holiday_model, year_model, *, using: str = "default", today: date) -> list[int]:
    """装入尚未录入的年份；返回装入了哪些年。"""
    known = set(year_model.objects.using(using).values_list("year", flat=True))
    years = [year for year in library_years() if year not in known]
    taken = set(holiday_model.objects.using(using).values_list("day", flat=True))
    rows = [
        holiday_model(day=day, is_workday=works, name=name, source=library_source(day.year))
        for day, (works, name) in sorted(library_days().items())
        if day.year in years and day not in taken
    ]
    holiday_model.objects.using(using).bulk_create(rows)
    year_model.objects.using(using).bulk_create(
        year_model(year=year, source=library_source(year), covered_on=today) for year in years
    )
    return years


def load_profiles(profile_model, rule_model, *, using: str = "default") -> list[str]:
    """装入还没有的规则组；返回装入了哪些。"""
    known = set(profile_model.objects.using(using).values_list("code", flat=True))
    codes = [code for code in profiles.PROFILES if code not in known]
    for code in codes:
        given = profiles.PROFILES[code]
        row = profile_model.objects.using(using).create(code=code, name=given.name, region=given.region)
        rule_model.objects.using(using).bulk_create(
            rule_model(profile=row, code=name, **rule._asdict()) for name, rule in profiles.rules_of(code).items()
        )
    return codes


def fill(apps, using: str) -> None:
    """规则与日历一起装入。"""
    from .clock import today

    get = apps.get_model
    load_profiles(get("workdays", "RuleProfile"), get("workdays", "DeadlineRule"), using=using)
    load_calendar(get("workdays", "Holiday"), get("workdays", "CalendarYear"), using=using, today=today())
    versions = get("workdays", "CalendarVersion").objects.using(using)
    if not versions.exists():
        versions.create()


def fill_after_flush(sender, using, apps=installed, **kwargs) -> None:
    """清空库（flush）之后重新装入；平常的 migrate 已由迁移装过，这里什么也不做。"""
    try:
        profile_model = apps.get_model("workdays", "RuleProfile")
    except LookupError:  # 退回到没有这张表的时候
        return
    if not profile_model.objects.using(using).exists():
        fill(apps, using)
