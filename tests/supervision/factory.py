"""督办一层的布景：在 tests.cases 的全程上再补几样台账用的东西。"""
from __future__ import annotations

from datetime import date

from handlers.actions import returning
from handlers.choosing import Choice
from supervision.actions import progress, signing_off
from supervision.models import LedgerEntry
from tests.cases import RATED, SENT, TODAY, Journey
from tests.world import World


def alone(world: World, **more) -> Journey:
    """省水利厅独办、没有联名的一件：走得最快。"""
    return Journey(world, assist=None, cosigners=(), **more)


def entry_of(journey: Journey, kind: str = "handling", unit=None) -> LedgerEntry:
    rows = LedgerEntry.objects.with_case().filter(suggestion=journey.pk, kind=kind)
    return rows.get(unit=unit.unit) if unit else rows.get()


def grant(journey: Journey, entry: LedgerEntry, today: date = RATED) -> LedgerEntry:
    return signing_off.grant_sign_off(entry, actor=journey.world.second_clerk, today=today)


def reported(journey: Journey, entry: LedgerEntry, on: date = TODAY, figure: str = "完工 12/30 座") -> None:
    """报一条带数字的进展。"""
    progress.add_progress(
        entry, text="除险加固推进", figure=figure, happened_on=on, actor=journey.unit.officer, today=TODAY
    )


def moved_to(journey: Journey, other, *, by, today: date = SENT) -> None:
    """申请退回并改交另一个单位。"""
    request = returning.request_return(
        journey.assignment, ground="not_ours", reason="主要职责不在本单位", proposed_unit=other.unit,
        actor=journey.unit.liaison, today=today,
    )
    returning.decide_return(request, granted=True, note="同意改办", new_unit=other.unit, actor=by, today=today)


def separately(*casts) -> list[Choice]:
    return [Choice(cast.unit, "separate", f"{cast.unit}的部分") for cast in casts]
