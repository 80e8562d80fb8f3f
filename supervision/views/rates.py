"""见面率：办公室看各单位，单位看各处室和各月（交通运输厅 JT-19）。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from handlers.access import READS_ALL, units_of
from handlers.models import Assignment, Unit
from handlers.reply_lists import READERS
from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.text.numbers import int_of
from lianluo.web.render import render_page
from lianluo.workdays import clock

from .. import exporting_scoring
from ..statistics import rates
from ..statistics.rates import Met, Share

MAY_LOOK = tuple(dict.fromkeys((*READERS, *READS_ALL, Role.LEAD_OFFICIAL)))


@dataclass(frozen=True)
class Line:
    """表里的一行。"""

    name: str
    share: Share
    backfilled: int
    pk: int = 0


def _line(name: str, found: list[Met], until: date, pk: int = 0) -> Line:
    return Line(name, rates.meeting_rate(found, until), rates.backfilled(found, until), pk)


@require_GET
@roles_required(*MAY_LOOK)
def meeting_rates(request: HttpRequest) -> HttpResponse:
    """一年的见面率；办公室先看各单位，点进一个单位看处室和各月。"""
    today = clock.today()
    year = int_of(request.GET.get("year", "")) or today.year
    if not 2000 <= year <= today.year:
        raise Http404("没有这一年的数据")
    offices = request.user.has_role(*READS_ALL)
    unit, until = _unit(request, offices), min(today, date(year, 12, 31))
    rows = Assignment.objects.visible_to(request.user).filter(assigned_on__year=year)
    found = rates.facts_of_meeting(rows.filter(unit=unit) if unit else rows)
    if unit:
        lines = [_line(name, group, until) for name, group in rates.by_room(found).items()]
    else:
        groups = rates.by_unit(found).items()
        lines = [_line(name, group, until, pk) for (pk, name), group in groups]
    title = f"{unit.short if unit else '各单位'}{year}年见面率"
    if request.GET.get("export") == "xlsx":
        return exporting_scoring.meeting_rates(title, lines)
    context = {
        "unit": unit, "year": year, "years": _years(today, year), "today": until, "offices": offices, "lines": lines,
        "whole": _line("合计", found, until), "months": rates.by_month(found, year, until),
        "met": [one for one in found if one.is_met(until)], "unmet_words": _words(found, until),
    }
    return render_page(request, "supervision/statistics/meeting.html", None, context)


def _unit(request: HttpRequest, offices: bool) -> Unit | None:
    """看哪个单位：单位的人看自己的，办公室可以点一个。"""
    if not offices:
        return next(iter(units_of(request.user)), None)
    asked = request.GET.get("unit", "")
    if not asked:
        return None
    unit = Unit.objects.filter(pk=int_of(asked) or 0).first()
    if unit is None:
        raise Http404("没有这个单位")
    return unit


def _years(today: date, year: int) -> list[int]:
    return sorted({today.year, today.year - 1, today.year - 2, year}, reverse=True)


def _words(found: list[Met], until: date) -> str:
    """还有几件没有见：没有答复的还来得及，答复了的来不及了。"""
    unmet = [one for one in found if not one.is_met(until)]
    late = sum(one.answered_on is not None for one in unmet)
    return f"没有见面 {len(unmet)} 件次，其中已经答复、补不上的 {late} 件次" if unmet else "都见了面"
