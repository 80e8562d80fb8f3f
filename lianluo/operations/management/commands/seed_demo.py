"""建演示数据。"""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from lianluo.accounts.models import User
from lianluo.operations.demo import accounts, year
from lianluo.operations.management.usage import UsageCommand, UsageError, day_of
from lianluo.workdays import clock
from suggestions.models import Suggestion

LEAST = 200


class Command(UsageCommand):
    help = "建一个省人大并演一年；库里已有件时拒绝，退出码 1。"

    def add_arguments(self, parser):
        parser.add_argument("--suggestions", type=int, default=1400, help="件数，含工作簿的件，至少 200")
        parser.add_argument("--seed", type=int, default=2018, help="随机种子；同样的种子得同样的结果")
        parser.add_argument("--today", help="演到哪一天，默认今天")
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def handle(self, *args, **options):
        if options["suggestions"] < LEAST:
            raise UsageError(f"--suggestions 至少 {LEAST}")
        today = day_of("--today", options["today"]) if options["today"] else clock.today()
        if Suggestion.objects.exists() or User.objects.exists():
            raise CommandError("库里已有数据，演示数据只建在空库里", returncode=1)
        quiet = options["json"]
        with transaction.atomic():
            province = year.play(
                suggestions=options["suggestions"],
                seed=options["seed"],
                today=today,
                tell=(lambda line: None) if quiet else self.stdout.write,
            )
        listed = accounts.listed(province)
        path = Path(settings.VAR_DIR) / "demo_accounts.json"
        path.write_text(json.dumps(listed, ensure_ascii=False, indent=1), encoding="utf-8")
        found = {"suggestions": Suggestion.objects.count(), "hash": year.content_hash(), "today": today.isoformat()}
        self.stdout.write(
            json.dumps(found, ensure_ascii=False) if quiet else f"演示数据已建好：{found['suggestions']} 件"
        )
