"""校验留痕的摘要链。"""
import json

from lianluo.audit.verify import compared, verify
from lianluo.operations.management.usage import UsageCommand


class Command(UsageCommand):
    help = "逐链重算留痕摘要，对照每日锚定与库外的文件，指出第一处断裂；有断裂时退出码为 1。"

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def handle(self, *args, **options):
        events, broken = verify()
        if options["json"]:
            found = {"suggestion": broken.suggestion, "seq": broken.seq} if broken else None
            self.stdout.write(json.dumps({"events": events, "broken": found}, ensure_ascii=False))
        elif broken:
            self.stdout.write(f"断裂：{broken.chain} 第 {broken.seq} 条，{broken.why}")
        else:
            anchored, outside = compared()
            self.stdout.write(f"校验通过 {events} 条；锚定 {anchored} 天，与库外文件对上 {outside} 天")
        if broken:
            raise SystemExit(1)
