"""按日写提醒。"""
import json

from lianluo.operations.management.usage import UsageCommand, day_of
from lianluo.workdays import clock
from supervision import reminding


class Command(UsageCommand):
    help = "写下某日应发的到期提醒；每级每人一条，可反复执行。"

    def add_arguments(self, parser):
        parser.add_argument("--on", help="哪一天，默认今天")
        parser.add_argument("--dry-run", action="store_true", help="只列出，不写")
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def handle(self, *args, **options):
        day = day_of("--on", options["on"]) if options["on"] else clock.today()
        planned = reminding.plan(day)
        rows = [row for item in planned for row in item.as_rows()]
        if not options["dry_run"]:
            reminding.write(day)
        if options["json"]:
            self.stdout.write(json.dumps({"would_create": len(rows), "rows": rows}, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write("{number} {unit} {due_on} {rung} → {recipient}".format(**row))
        self.stdout.write(f"{'将写' if options['dry_run'] else '已写'} {len(rows)} 条")
