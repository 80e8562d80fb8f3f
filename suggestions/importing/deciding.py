"""判断：新增、更新、不变、冲突。更新的逐格说出原来与现在，冲突的说明为什么不能由表格改。

规则（declared）：
* 与上次导入的一行完全相同的，不变（之后系统里的更正不会被同一份表改回去）。
* 空着的编号、代表证号、电话、日期、形式、具体建议沿用原来的；清空的联名、单位、意愿、备注照清。
* 交办之后只能改联系电话和备注；代表本人提交的，文字与联名要退回代表修改；登记后编号不可改。
* 带 _rev 而版次已变、这几格又不同的，是冲突。
"""
from __future__ import annotations

from dataclasses import dataclass

from lianluo.congresses.models import Session

from .. import numbering
from ..models import SuggestionKind, SuggestionStatus, numbered
from ..texts import split_requests
from . import columns
from .matching import Known, KnownCases, is_untouched, joined_ids
from .reading import Entry

NEW, UPDATE, SAME, CONFLICT, BAD = "new", "update", "same", "conflict", "bad"
NAMES = {NEW: "新增", UPDATE: "更新", SAME: "不变", CONFLICT: "冲突", BAD: "有问题"}
#: 全部列都能由表格改的状态
OPEN = (SuggestionStatus.SUBMITTED, SuggestionStatus.RETURNED, SuggestionStatus.REGISTERED, SuggestionStatus.MERGED)
CLOSED = (SuggestionStatus.DECLINED, SuggestionStatus.WITHDRAWN)
#: 交办之后还能改的
LATE = ("phone", "note")
OWN_TEXT = ("title", "body", "requests", "cosigners", "deputy", "certificate", "delegation")
PLAIN = ("title", "body", "wished_units", "note")
COMPARED = tuple(field.key for field in columns.FIELDS if not field.key.startswith("_"))


@dataclass(frozen=True)
class Change:
    """一格的变化；地址是表里的格。"""

    key: str
    label: str
    before: str
    after: str
    address: str | None


class Decider:
    """一次会议上的判断。"""

    def __init__(self, session: Session, cases: KnownCases) -> None:
        self.session, self.cases = session, cases

    def decide(self, entries: list[Entry]) -> None:
        for entry in entries:
            entry.decision = self._decide(entry) if entry.ok else BAD

    def _decide(self, entry: Entry) -> str:
        known = entry.known
        if known is None:
            self._warn_of_twin(entry)
            return NEW
        if is_untouched(entry):
            return SAME
        if self._is_another(entry, known):
            return CONFLICT
        entry.changes = changes_of(entry)
        if not entry.changes:
            return SAME
        return CONFLICT if self._refused(entry, known) else UPDATE

    def _warn_of_twin(self, entry: Entry) -> None:
        """新的一件，同一代表已有同名的：提醒，不拦。"""
        twin = self.cases.by_title.get((entry.lead.pk, entry.title)) if entry.lead and entry.lead.pk else None
        if twin:
            said = f"编号 {numbered(twin.series, twin.number)}" if twin.number else "还没有登记"
            entry.row.warn("title", f"{entry.lead.name}已有同名的一件（{said}），核对是不是重复")

    def _is_another(self, entry: Entry, known: Known) -> bool:
        """编号相同，标题、领衔代表都不同：是号被别的件占了，不是更新。"""
        if entry.pk is not None or entry.number is None or entry.lead is None:
            return False
        if entry.title == known.title or entry.lead.pk == known.lead_id:
            return False
        free = numbered(known.series, numbering.upcoming_number(self.session, known.series))
        held = numbered(known.series, known.number)
        entry.row.problem("number", f"编号 {held} 已被《{known.title}》（{known.deputy}）使用，下一个空号是 {free}")
        return True

    def _refused(self, entry: Entry, known: Known) -> bool:
        """不能由表格改的格，各说一句。"""
        for change in entry.changes:
            sentence = self._why_not(entry, known, change.key)
            if sentence:
                entry.row.problem(change.key, sentence)
        return not entry.ok

    def _why_not(self, entry: Entry, known: Known, key: str) -> str:
        status = SuggestionStatus(known.status)
        if entry.revision is not None and entry.revision != known.revision:
            return f"导出之后，这件已在别处改过（现为第 {known.revision} 版），重新导出再改"
        if status in CLOSED:
            return f"这件{status.label}，不能再由表格改"
        if status not in OPEN and key not in LATE:
            return f"这件{status.label}，{columns.LABELS[key]}不能再由表格改"
        if known.is_deputys_own and key in OWN_TEXT:
            return f"这件由代表本人提交，{columns.LABELS[key]}要退回代表修改"
        return self._number_refused(entry, known) if key == "number" else ""

    def _number_refused(self, entry: Entry, known: Known) -> str:
        if known.number is not None:
            return f"编号登记后不可改，这件是 {numbered(known.series, known.number)}"
        if known.status != SuggestionStatus.SUBMITTED:
            return f"这件{SuggestionStatus(known.status).label}，不能登记编号"
        holder = self.cases.by_number.get((entry.series, entry.number))
        if holder:
            return f"编号 {numbered(holder.series, holder.number)} 已被《{holder.title}》使用"
        if entry.series != known.series:
            return "编号的序列（大会或闭会）与这件的提出时间不符，核对编号"
        return ""


def changes_of(entry: Entry) -> list[Change]:
    """与库里不同的格，按表里的次序。"""
    present = [key for key in COMPARED if key in entry.row.table.columns]
    return [_change(entry, key) for key in present if not entry.says_the_same(key) and _differs(entry, key)]


def _change(entry: Entry, key: str) -> Change:
    now, cell = entry.known.now[key], entry.row[key]
    after = entry.submitted_on.isoformat() if key == "submitted_on" else entry.row.text(key)
    return Change(key, columns.LABELS[key], str(now or ""), after, cell.address)


def _differs(entry: Entry, key: str) -> bool:
    """文字不同时，意思是不是也不同。"""
    return key in PLAIN or _MEANINGS[key](entry, entry.known)


def _number(entry: Entry, known: Known) -> bool:
    return (entry.series, entry.number) != (known.series, known.number)


def _person(entry: Entry, known: Known) -> bool:
    return entry.lead is not None and entry.lead.pk != known.lead_id


def _team(entry: Entry, known: Known) -> bool:
    return entry.team is not None and entry.team.pk != known.delegation_id


def _joint(entry: Entry, known: Known) -> bool:
    return [person.pk for person in entry.joint] != joined_ids(known.pk)


def _requests(entry: Entry, known: Known) -> bool:
    return entry.requests != split_requests(known.now["requests"])


_MEANINGS = {
    "number": _number, "deputy": _person, "certificate": _person, "delegation": _team, "cosigners": _joint,
    "phone": lambda entry, known: entry.phone != known.now["phone"],
    "submitted_on": lambda entry, known: entry.submitted_on != known.now["submitted_on"],
    "kind": lambda entry, known: SuggestionKind(entry.kind).label != known.now["kind"],
    "publish_wish": lambda entry, known: entry.publish_wish != columns.WISHES.get(known.now["publish_wish"], ""),
    "requests": _requests,
}
