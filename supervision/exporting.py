"""督办台账导出：三百条一批取数，不逐行查库。"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Q

from handlers.choosing import mode_name
from handlers.models import ActivityCase, Allotment, Assignment, Evaluation, Extension, Reply
from lianluo.documents.workbooks import SheetColumn, write_workbook
from lianluo.notices.models import Notice

from .ledger_rows import is_running, lamp_of, progress_in_words, status_words
from .models import LedgerEntry, LedgerKind, SigningOff
from .querysets import OWED
from .reminding import KIND as REMINDED


def _text(name: str, width: float = 12) -> SheetColumn:
    return SheetColumn(name, name, width)


def _day(name: str) -> SheetColumn:
    return SheetColumn(name, name, 12, "date")


def _number(name: str, width: float = 9) -> SheetColumn:
    return SheetColumn(name, name, width, "number")


COLUMNS = [
    _number("序号", 6), _text("编号", 8), _text("标题", 40), _text("种类", 8), _text("事项", 36), _text("领衔代表"),
    _text("代表团", 14), _text("形式", 8), _text("内容分类", 14), _text("交办方式", 12), _text("责任单位", 16),
    _text("承办角色", 9), _text("会办单位", 24), _text("责任领导"), _text("牵头处室", 14), _text("具体承办人"),
    _text("单位电话", 16), _day("交办日期"), _day("签收日期"), _day("到期"), _number("剩余天数"), _text("灯"),
    _number("沟通次数"), _number("见面次数"), _text("当前环节"), _text("最近进展", 30), _day("进展日期"),
    _day("延期至"), _text("答复文号", 20), _day("答复日期"), _text("类别", 6), _text("总体评价", 10),
    _number("轮次", 6), _text("公开", 10), _text("承诺未了/总", 12), _number("逾期提醒次数", 12),
    _text("销号状态", 14), _day("销号日期"),
    _text("销号人", 10), _text("销号依据", 30),
]
BATCH = 300
RELATED = (
    "suggestion__lead_deputy", "suggestion__delegation", "suggestion__category", "unit",
    "assignment__result_class", "assignment__responsible_leader", "signed_off_by",
)


def ledger_workbook(entries, today: date) -> bytes:
    """当前筛选的台账成一个工作簿。"""
    return write_workbook("督办台账", COLUMNS, ledger_rows(entries, today), filename="督办台账.xlsx")


def ledger_rows(entries, today: date) -> Iterator[dict]:
    """逐行给出单元格；``entries`` 为已筛选的条目。"""
    batch, line = [], 0
    for entry in entries.with_latest_progress().select_related(*RELATED).iterator(chunk_size=BATCH):
        batch.append(entry)
        if len(batch) == BATCH:
            yield from _rows(batch, line, today)
            line, batch = line + len(batch), []
    yield from _rows(batch, line, today)


def _rows(entries: list[LedgerEntry], line: int, today: date) -> Iterator[dict]:
    around = Surroundings(entries)
    for number, entry in enumerate(entries, start=line + 1):
        yield {
            "序号": number, **_case(entry, around), **_handling(entry, around), **_time(entry, today),
            **_reply(entry, around), **_ledger(entry, around),
        }


class Surroundings:
    """一批条目四周的事实，每样一条查询。"""

    def __init__(self, entries: list[LedgerEntry]) -> None:
        keys = [entry.assignment_id for entry in entries if entry.assignment_id]
        cases = list({entry.suggestion_id for entry in entries})
        self.rooms = {
            row.assignment_id: row
            for row in Allotment.objects.filter(assignment__in=keys, role="lead").select_related("division", "officer")
        }
        self.replies = {
            row.assignment_id: row for row in Reply.objects.delivered().filter(assignment__in=keys).order_by("round")
        }
        rated = Evaluation.objects.of_leads().filter(reply__in=[row.pk for row in self.replies.values()])
        self.rated = {row.reply_id: row for row in rated}
        self.extended = dict(
            Extension.objects.filter(assignment__in=keys, granted=True).order_by("id")
            .values_list("assignment_id", "granted_until")
        )
        self.talks = self._talks(keys)
        self.partners = self._partners(cases)
        self.promises = self._promises(cases)
        self.reminded = self._reminded(cases)
        self.grounds = self._grounds(entries)

    @staticmethod
    def _talks(keys) -> dict[int, tuple[int, int]]:
        rows = ActivityCase.objects.standing().filter(assignment__in=keys).order_by().values_list("assignment")
        counted = rows.annotate(n=Count("pk"), met=Count("pk", filter=Q(activity__face_to_face=True)))
        return {pk: (n, met) for pk, n, met in counted}

    @staticmethod
    def _partners(cases) -> dict[int, list[Assignment]]:
        found = defaultdict(list)
        for row in Assignment.objects.live().filter(suggestion__in=cases).select_related("unit").order_by("id"):
            found[row.suggestion_id].append(row)
        return found

    @staticmethod
    def _promises(cases) -> dict[int, tuple[int, int]]:
        rows = LedgerEntry.objects.filter(suggestion__in=cases, kind=LedgerKind.PROMISE).order_by()
        counted = rows.values_list("suggestion").annotate(owed=Count("pk", filter=OWED), n=Count("pk"))
        return {pk: (owed, n) for pk, owed, n in counted}

    @staticmethod
    def _reminded(cases) -> dict[int, int]:
        """逾期以后催了几级（同一级发给几个人算一次）。"""
        found: dict[int, set] = defaultdict(set)
        rows = Notice.objects.filter(kind=REMINDED, urgent=True, case_id__in=cases)
        for case_id, about, rung in rows.order_by().values_list("case_id", "about", "rung").distinct():
            found[case_id].add((about, rung))
        return {pk: len(keys) for pk, keys in found.items()}

    @staticmethod
    def _grounds(entries) -> dict[int, str]:
        rows = SigningOff.objects.filter(entry__in=[one.pk for one in entries], granted=True, reopened_on__isnull=True)
        return dict(rows.order_by("id").values_list("entry_id", "statement"))


def _case(entry: LedgerEntry, around: Surroundings) -> dict:
    case, partners = entry.suggestion, around.partners[entry.suggestion_id]
    return {
        "编号": case.shown_number, "标题": case.title, "种类": entry.get_kind_display(), "事项": entry.what,
        "领衔代表": case.lead_deputy.name, "代表团": case.delegation.name, "形式": case.get_kind_display(),
        "内容分类": case.category.name if case.category else "",
        "交办方式": mode_name(row.role for row in partners) if partners else "",
        "会办单位": "、".join(row.unit.short for row in partners if row.role == "assist"),
    }


def _handling(entry: LedgerEntry, around: Surroundings) -> dict:
    assignment, room = entry.assignment, around.rooms.get(entry.assignment_id)
    talks, met = around.talks.get(entry.assignment_id, (None, None))
    leader, officer = getattr(assignment, "responsible_leader", None), getattr(room, "officer", None)
    return {
        "责任单位": entry.unit.short if entry.unit else "", "单位电话": entry.unit.phone if entry.unit else "",
        "承办角色": assignment.get_role_display() if assignment else "", "责任领导": leader.name if leader else "",
        "牵头处室": room.division.name if room else "", "具体承办人": officer.name if officer else "",
        "签收日期": assignment.accepted_on if assignment else None, "沟通次数": talks, "见面次数": met,
        "轮次": assignment.round if assignment else None,
        "当前环节": (assignment or entry.suggestion).get_status_display(),
    }


def _time(entry: LedgerEntry, today: date) -> dict:
    lamp, runs = lamp_of(entry, today), is_running(entry) and entry.due_on
    return {
        "交办日期": (entry.assignment or entry.suggestion).assigned_on, "到期": entry.due_on,
        "剩余天数": (entry.due_on - today).days if runs else None,
        "灯": f"{lamp.shape} {lamp.words}", "最近进展": progress_in_words(entry), "进展日期": entry.progress_on,
    }


def _reply(entry: LedgerEntry, around: Surroundings) -> dict:
    reply, chosen = around.replies.get(entry.assignment_id), getattr(entry.assignment, "result_class", None)
    rated = around.rated.get(reply.pk) if reply else None
    return {
        "延期至": around.extended.get(entry.assignment_id), "答复文号": reply.document_number if reply else "",
        "答复日期": reply.delivered_on if reply else None, "类别": chosen.code if chosen else "",
        "总体评价": rated.get_overall_display() if rated else "", "公开": _published(reply) if reply else "",
    }


def _published(reply: Reply) -> str:
    if reply.published_at and not reply.taken_down_at:
        return reply.get_published_as_display()
    return "已撤下" if reply.taken_down_at else "审定不公开" if reply.withheld_reason else "待审定"


def _ledger(entry: LedgerEntry, around: Surroundings) -> dict:
    owed, total = around.promises.get(entry.suggestion_id, (0, 0))
    return {
        "承诺未了/总": f"{owed}/{total}" if total else "", "逾期提醒次数": around.reminded.get(entry.suggestion_id, 0),
        "销号状态": status_words(entry), "销号日期": entry.signed_off_on,
        "销号人": entry.signed_off_by.name if entry.signed_off_by else "", "销号依据": around.grounds.get(entry.pk, ""),
    }
