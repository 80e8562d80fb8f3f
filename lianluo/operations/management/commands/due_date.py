"""算一个到期日，并说明是怎样算出来的。"""
from __future__ import annotations

import json
import re
from datetime import date

from lianluo.operations.management.usage import UsageCommand, UsageError
from lianluo.workdays import calendar, explanation, profiles, rules
from lianluo.workdays.arithmetic import Calendar
from lianluo.workdays.counting import DAY, MONTH, WORKDAY

MEASURES = {"wd": WORKDAY, "m": MONTH, "d": DAY}


class Command(UsageCommand):
    help = "按规则或一段期间算到期日：due_date --profile HN-DEFAULT --rule reply_normal --from 2018-04-09 --json"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--profile", default=profiles.DEFAULT, help="时限规则组的代码")
        parser.add_argument("--rule", help="期限的代码，如 reply_normal")
        parser.add_argument("--add", help="一段期间：15wd（工作日）、2m（月）、10d（日）")
        parser.add_argument("--from", dest="start_on", help="起算日，如 2018-04-09")
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def handle(self, *args, **options) -> None:
        if bool(options["rule"]) == bool(options["add"]):
            raise UsageError("写 --rule 或 --add，两者写一个")
        start_on = _day(options["start_on"])
        now = calendar.current()
        try:
            self._print(options, _due(options, start_on, now), now)
        except rules.UnknownRule as error:
            raise UsageError(str(error)) from None
        except OverflowError:
            raise UsageError("日期超出了历法的范围，缩短期间或改起算日") from None

    def _print(self, options: dict, due: rules.Due, now: Calendar) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(due), ensure_ascii=False))
            return
        explained = explanation.of_due(due, now)
        rows = [f"{'计入' if group.counted else '不计'}  {group.span}  {group.reason}" for group in explained.groups]
        mark = "（暂定）" if due.provisional else ""
        lines = [f"到期日 {explanation.shown(due.due_on)}{mark}", *explained.sentences, "逐日：", *rows]
        self.stdout.write("\n".join(lines))


def _due(options: dict, start_on: date, now: Calendar) -> rules.Due:
    if options["rule"]:
        return rules.compute(options["profile"], options["rule"], start_on, now)
    amount, measure = _length(options["add"])
    return rules.lengthened(rules.profile_of(options["profile"]), amount, measure, start_on, now)


def _as_json(due: rules.Due) -> dict:
    return {
        "due_on": due.due_on.isoformat(), "provisional": due.provisional,
        "steps": [step.as_json() for step in due.steps],
    }


def _day(text: str | None) -> date:
    if not text:
        raise UsageError("写 --from 起算日，如 --from 2018-04-09")
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"起算日“{text}”认不出，写成 2018-04-09") from None


def _length(text: str) -> tuple[int, str]:
    found = re.fullmatch(r"(\d{1,4})(wd|m|d)", text, re.ASCII)
    if not found:
        raise UsageError(f"期间“{text}”认不出，写成 15wd、2m 或 10d")
    return int(found[1]), MEASURES[found[2]]
