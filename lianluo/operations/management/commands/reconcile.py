"""对账命令。"""
import json

from lianluo.operations.management.usage import UsageCommand
from supervision.reconciling import differences


class Command(UsageCommand):
    help = "比对台账、件与留痕，打印差异数；有差异时退出码为 1。"

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def handle(self, *args, **options):
        found = differences()
        if options["json"]:
            rows = [item.as_row() for item in found]
            self.stdout.write(json.dumps({"differences": len(rows), "rows": rows}, ensure_ascii=False))
        else:
            for item in found:
                self.stdout.write(f"{item.check}：{item.what}，现为 {item.stored}，应为 {item.expected}")
            self.stdout.write(str(len(found)))
        if found:
            raise SystemExit(1)
