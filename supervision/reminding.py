"""写提醒：看今天处于哪一级，把通知行写进库；唯一键保证每级每人一条，重跑、并发、中途断电都不重复、不遗漏。"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models.functions import Coalesce

from lianluo.accounts.models import User
from lianluo.audit.context import moment
from lianluo.notices import posting
from lianluo.notices.models import Notice
from lianluo.workdays import arithmetic, calendar
from lianluo.workdays.arithmetic import Calendar
from suggestions.models import Suggestion

from .directory import Directory
from .reminders import Rung, left_in_words, reached, schedule
from .watches import Watch, all_watches

KIND = "deadline.reminded"
CHUNK = 500


@dataclass(frozen=True)
class Planned:
    """一条将写的提醒：盯的什么、哪一级、本该哪天发、谁收。"""

    watch: Watch
    rung: Rung
    fires_on: date
    recipients: tuple[User, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.watch.about, self.watch.rung_code(self.rung.days)

    def as_rows(self) -> list[dict]:
        """命令行列出的样子，一人一行。"""
        watch = self.watch
        row = {
            "assignment": watch.assignment.pk if watch.assignment else None, "suggestion": watch.case.pk,
            "number": watch.case.shown_number, "unit": watch.assignment.unit_name if watch.assignment else "",
            "matter": watch.matter, "due_on": watch.due_on.isoformat(), "rung": self.rung.words,
            "fires_on": self.fires_on.isoformat(),
        }
        return [{**row, "recipient": person.name} for person in self.recipients]


def plan(today: date) -> list[Planned]:
    """今天要写的全部提醒；休息日为空，由下一个工作日补上。"""
    current = calendar.current()
    if not arithmetic.is_workday(today, current):
        return []
    return _plan(all_watches(today, current), today, current)


def _plan(watches: Iterable[Watch], today: date, current: Calendar) -> list[Planned]:
    found = []
    for watch in watches:
        now = reached(watch.ladder, watch.due_on, watch.since, today, current)
        if now:
            found.append((watch, *now))
    written = _written({watch.about for watch, _, _ in found})
    found = [row for row in found if (row[0].about, row[0].rung_code(row[2].days)) not in written]
    return list(_addressed(found, Directory(today))) if found else []


def _addressed(found: list[tuple[Watch, date, Rung]], directory: Directory) -> Iterator[Planned]:
    """各发给谁；没有人可收的先不发，有了账号再补。"""
    for watch, day, rung in found:
        recipients = tuple(directory.recipients(watch, rung))
        if recipients:
            yield Planned(watch, rung, day, recipients)


def _written(abouts: Iterable[str]) -> set[tuple[str, str]]:
    keys, written = sorted(abouts), set()
    for start in range(0, len(keys), CHUNK):
        rows = Notice.objects.filter(kind=KIND, about__in=keys[start : start + CHUNK])
        written.update(rows.order_by().values_list("about", "rung").distinct())
    return written


def write(today: date) -> int:
    """写下今天的提醒，返回新写条数；可反复执行。事情已办完的旧提醒随手了结，收件箱里不留过时的。"""
    current = calendar.current()
    if not arithmetic.is_workday(today, current):
        return 0
    watches = list(all_watches(today, current))
    _settle(watches)
    return sum(_post(item, today) for item in _plan(watches, today, current))


def _settle(watches: Iterable[Watch]) -> int:
    """盯着的事里已经没有的，它的提醒算已处理。"""
    living = {(watch.about, watch.code) for watch in watches}
    rows = Notice.objects.filter(kind=KIND, done_at=None).order_by()
    over = {
        (about, rung) for about, rung in rows.values_list("about", "rung").distinct()
        if (about, rung.rpartition(":")[0]) not in living
    }
    now = moment()
    return sum(
        rows.filter(about=about, rung=rung).update(done_at=now, read_at=Coalesce("read_at", now))
        for about, rung in sorted(over)
    )


def _supersede(item: Planned) -> None:
    """同一件事前几级的提醒到此作罢：收到“已逾期”的人，收件箱里不再留着“还剩 7 天”。"""
    about, rung = item.key
    now, earlier = moment(), Notice.objects.filter(kind=KIND, about=about, rung__startswith=f"{item.watch.code}:")
    earlier.filter(recipient__in=item.recipients, done_at=None).exclude(rung=rung).update(
        done_at=now, read_at=Coalesce("read_at", now)
    )


def _post(item: Planned, today: date) -> int:
    watch = item.watch
    about, rung = item.key
    _supersede(item)
    return posting.post(
        KIND, about=about, recipients=item.recipients, rung=rung, case_id=watch.case.pk, congress=watch.case.congress,
        urgent=item.rung.is_overdue, url=watch.url or watch.case.get_absolute_url(),
        context={
            "case": watch.case, "assignment": watch.assignment, "matter": watch.matter, "due_on": watch.due_on,
            "left": left_in_words(watch.due_on, today), "provisional": watch.provisional,
            "late_from": item.fires_on if item.fires_on < today else None,
        },
    )


@dataclass(frozen=True)
class Sent:
    """发过的一级：何时、说了什么、谁收到。"""

    at: datetime
    subject: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class Coming:
    """将发的一级：哪天、什么事、哪一级、谁会收到。停摆漏下的在下一次运行时补。"""

    day: date
    matter: str
    words: str
    due_on: date
    people: tuple[str, ...]
    is_late: bool


def sent(case: Suggestion) -> list[Sent]:
    """这一件发过的提醒，照通知列出。"""
    rows = Notice.objects.of_case(case.pk).filter(kind=KIND).select_related("recipient").order_by("created_at", "id")
    found: dict[tuple[str, str], list[Notice]] = defaultdict(list)
    for row in rows:
        found[row.about, row.rung].append(row)
    return [
        Sent(group[0].created_at, group[0].subject, tuple(row.recipient.name for row in group))
        for group in found.values()
    ]


def coming(case: Suggestion, today: date) -> list[Coming]:
    """「谁会在什么时候收到什么」：按今天的名册与工作日历算；办完、撤回的没有。"""
    current, directory = calendar.current(), Directory(today)
    watches = list(all_watches(today, current, case=case))
    written, lines = _written({watch.about for watch in watches}), []
    for watch in watches:
        now = reached(watch.ladder, watch.due_on, watch.since, today, current)
        for day, rung in schedule(watch.ladder, watch.due_on, watch.since, current):
            waiting = (watch.about, watch.rung_code(rung.days)) not in written
            if waiting and (day > today or now == (day, rung)):
                people = tuple(person.name for person in directory.recipients(watch, rung))
                lines.append(Coming(day, watch.matter, rung.words, watch.due_on, people, day < today))
    return sorted(lines, key=lambda line: (line.day, line.due_on, line.matter))
