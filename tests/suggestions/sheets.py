"""导入测试的素材：一张张表、真实的名册与汇总表、一步到位地导入。"""
from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from django.conf import settings

from lianluo.documents.workbooks import SheetColumn, write_workbook
from lianluo.text import fold
from suggestions.actions import importing
from suggestions.importing import columns
from suggestions.importing.checking import Check, check_file
from suggestions.importing.report import Report
from suggestions.models import Delegation, Deputy
from tests.world import DAY, World

DATA = Path(settings.BASE_DIR) / "lianluo" / "operations" / "data"
WORKBOOK = DATA / "session-workbook.xlsx"
BODY = "农村饮水管网老化，群众多次反映。\n为此建议：\n一、列入年度计划；\n二、落实管护经费。"


def row(at: int = 1, **changes) -> dict:
    """一行写得对的：长沙代表团黄岳若。"""
    return {
        "number": "", "title": f"关于改造第{at}处饮水管网的建议", "deputy": "黄岳若", "certificate": "",
        "delegation": "长沙代表团", "cosigners": "", "phone": "13800000001", "submitted_on": date(2026, 1, 25),
        "kind": "建议", "body": BODY, "requests": "", "wished_units": "", "publish_wish": "是", "note": "", **changes,
    }


def book(*rows: dict, drop: tuple[str, ...] = (), extra: tuple[SheetColumn, ...] = ()) -> bytes:
    """按模板的列写一份表；``drop`` 是整列不要的。"""
    wanted = [column for column in columns.template() if column.key not in drop]
    return write_workbook("建议", [*wanted, *extra], [{key: one.get(key, "") for key in one} for one in rows])


def check(world: World, content: bytes, **options) -> Check:
    return check_file(content, name="表.xlsx", session=world.session, today=options.pop("today", DAY), **options)


def said(problems) -> list[str]:
    return [str(problem) for problem in problems]


def take(world: World, content: bytes, **options) -> Report:
    """导入一份表。"""
    options = {"name": "表.xlsx", "session": world.session, "actor": world.clerk, "today": DAY, **options}
    return importing.import_file(content, **options)


def real_roster(world: World) -> None:
    """760 名虚构代表与他们的代表团；先放下固定角色里的四名。"""
    Deputy.objects.filter(congress=world.congress).delete()
    with (DATA / "deputies.csv").open(encoding="utf-8-sig", newline="") as file:
        people = list(csv.DictReader(file))
    names = dict.fromkeys(person["代表团"] for person in people)
    teams = {name: Delegation.objects.get_or_create(congress=world.congress, name=name)[0] for name in names}
    Deputy.objects.bulk_create(
        Deputy(
            congress=world.congress, delegation=teams[person["代表团"]], name=person["姓名"],
            name_folded=fold(person["姓名"]), certificate_no=person["代表证号"], phone=person["手机"],
        )
        for person in people
    )
