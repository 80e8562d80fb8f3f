"""列表页的下拉与名称：各用一条不连表的小语句取来，行里的名称也从这里查，不再逐行连表。

语句形状不变，编译一次；内容每次现取，新增、改名即时可见。
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from lianluo.congresses.models import Session
from lianluo.statements import Statement
from lianluo.web.drawing import escaped

from .models import Category, Delegation, RaisedDuring, SuggestionKind
from .models.deputy import PREFECTURES

Pairs = list[tuple[object, str]]
SESSIONS = Statement(lambda: Session.objects.order_by("-is_current", "-opened_on").values_list("pk", "code", "name"))
CATEGORIES = Statement(
    lambda: Category.objects.order_by("position", "pk").values_list("pk", "name", "parent_id", "is_active")
)
DELEGATIONS = Statement(lambda: Delegation.objects.values_list("pk", "name"))


@dataclass(frozen=True)
class Options:
    """会议（代码、名称）、分类（按两级排）、代表团，和由号查名的字典。"""

    sessions: list[tuple[int, str, str]]
    categories: Pairs
    delegations: Pairs
    category_names: Mapping[int, str]
    delegation_names: Mapping[int, str]

    @property
    def session_codes(self) -> dict[int, str]:
        return {pk: code for pk, code, _ in self.sessions}

    def session_id(self, code: str) -> int | None:
        return next((pk for pk, one, _ in self.sessions if one == code), None)


def load() -> Options:
    """三条语句。会议正在办理的在前，其余新的在前。"""
    categories, delegations = CATEGORIES.rows(), DELEGATIONS.rows()
    return Options(
        SESSIONS.rows(), _tree(categories), delegations,
        {pk: name for pk, name, _, _ in categories}, dict(delegations),
    )


def _tree(rows: list[tuple[int, str, int | None, bool]]) -> Pairs:
    """在用的分类，一级之后跟着它的二级，二级缩进一字。"""
    found: Pairs = []
    for pk, name, parent, active in rows:
        if parent is None and active:
            found.append((pk, name))
            found += [(child, f"　{label}") for child, label, of, on in rows if of == pk and on]
    return found


def select(name: str, pairs: Iterable[tuple[object, str]], chosen: str, *, empty: str | None = "全部") -> SafeString:
    """一个下拉框。表单控件逐项走模板，一页九个要两三毫秒；这里直接拼。"""
    parts = [f'<select name="{name}" id="id_{name}">']
    if empty is not None:
        parts.append(f'<option value="">{escaped(empty)}</option>')
    for value, label in pairs:
        mark = " selected" if str(value) == chosen else ""
        parts.append(f'<option value="{escaped(value)}"{mark}>{escaped(label)}</option>')
    return mark_safe("".join([*parts, "</select>"]))


def selects(options: Options, get: Mapping[str, str], session: str, all_sessions: str) -> dict[str, SafeString]:
    """筛选栏上的全部下拉框。"""
    sessions = [*((code, name) for _, code, name in options.sessions), (all_sessions, "全部届次")]
    return {
        "session": select("session", sessions, session, empty=None),
        "category": select("category", options.categories, get.get("category", "")),
        "delegation": select("delegation", options.delegations, get.get("delegation", "")),
        "kind": select("kind", SuggestionKind.choices, get.get("kind", "")),
        "raised_during": select("raised_during", RaisedDuring.choices, get.get("raised_during", "")),
        "region": select("region", [(name, name) for name in PREFECTURES], get.get("region", "")),
    }
