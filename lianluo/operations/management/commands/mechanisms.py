"""``manage.py mechanisms``：机制库的全部机制，各由哪处代码办到、由哪些测试证明。"""
from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from handlers.mechanisms.catalogue import CATALOGUE

NAMED = re.compile(r"test_([a-z]{2})_(\d\d)_")


class Command(BaseCommand):
    """一行一条；``--json`` 给程序看。"""

    help = "列出机制库：编号、单位、原话、种类、代码与测试"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args, **options) -> None:
        tests = tests_by_code(Path(settings.BASE_DIR))
        rows = [
            {"id": code, "office": one.office, "quote": one.quote, "kind": one.kind, "where": one.where,
             "tests": tests.get(code, [])}
            for code, one in CATALOGUE.items()
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            self.stdout.write(f"{row['id']} {row['office']} {row['kind']} {row['where']} 测试 {len(row['tests'])} 项")


def tests_by_code(root: Path) -> dict[str, list[str]]:
    """编号 → 以它命名的测试（``test_kj_05_……``）；没有测试目录的部署里是空的。"""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if not NAMED.search(text):
            continue
        for node in ast.walk(ast.parse(text)):
            named = NAMED.match(node.name) if isinstance(node, ast.FunctionDef) else None
            if named:
                found[f"{named[1].upper()}-{named[2]}"].append(f"{path.relative_to(root)}::{node.name}")
    return found
