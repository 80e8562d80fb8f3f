"""件页的分栏：各层给出自己那一栏的内容，这里只管次序、标题和谁看得到哪一栏。"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from handlers.access import READS_ALL, duties_in
from suggestions.models import Suggestion

from . import timeline


@dataclass(frozen=True)
class Tab:
    """一栏：代码、标题、模板、取内容的函数（点路径）、给谁看。"""

    code: str
    label: str
    template: str
    panel: str
    audience: str = "readers"

    def context(self, request, suggestion) -> dict:
        module, _, name = self.panel.rpartition(".")
        function: Callable = getattr(import_module(module), name)
        return function(request, suggestion)


#: readers 看得到件的人；workers 看得到承办关系的人；answerers 办公室与答复代表的单位（会办单位看不到评价）
TABS = (
    Tab("overview", "概要", "supervision/case/_overview.html", "supervision.panels.overview"),
    Tab("text", "原文", "suggestions/case/_text.html", "suggestions.panels.text"),
    Tab("handling", "办理", "handlers/case/_handling.html", "handlers.panels.handling", "workers"),
    Tab("contacts", "沟通", "handlers/case/_contacts.html", "handlers.panels_handling.contacts", "workers"),
    Tab("replies", "答复", "handlers/case/_replies.html", "handlers.panels_handling.replies", "workers"),
    Tab("evaluations", "评价", "handlers/case/_evaluations.html", "handlers.panels_evaluating.evaluations",
        "answerers"),
    Tab("ledger", "督办", "supervision/case/_ledger.html", "supervision.panels.ledger", "workers"),
    Tab("events", "记录", "supervision/case/_events.html", "supervision.case_tabs.events"),
)


def tabs_for(user, assignments) -> list[Tab]:
    """此人看得到的各栏。"""
    if user.has_role(*READS_ALL):
        return list(TABS)
    own = [one for one in assignments if duties_in(user, one.unit_id)]
    seen = {"readers"} | ({"workers"} if own else set())
    if any(one.answers_deputy for one in own):
        seen.add("answerers")
    return [tab for tab in TABS if tab.audience in seen]


def events(request, suggestion: Suggestion) -> dict:
    """「记录」栏：看得到的全部留痕，新的在上。"""
    return {"events": timeline.of_case(suggestion, request.user)}
