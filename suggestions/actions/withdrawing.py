"""撤回：交办前由代表随时撤回，联名的须一致要求（上海市条例第十条）；交办后须经联工委。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from lianluo.accounts import links
from lianluo.accounts.roles import Role
from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, Incomplete, Missing, move

from .. import deadlines, lifecycle
from ..locking import lock_case
from ..models import CoSigner, Suggestion, SuggestionStatus
from . import writing

BEFORE_ASSIGNMENT = (
    SuggestionStatus.DRAFT, SuggestionStatus.COSIGNING, SuggestionStatus.SUBMITTED, SuggestionStatus.RETURNED,
    SuggestionStatus.REGISTERED,
)


@transaction.atomic
def withdraw_suggestion(
    suggestion: Suggestion, *, reason: str, consented: Iterable[CoSigner] = (), consent_how: str = "", actor,
    today: date,
) -> Suggestion:
    """撤回，办理即终止。``consented`` 是同意撤回的联名代表，``consent_how`` 说怎样同意的（书面、当面）。

    主件撤回的，并入它的件改以其中编号最小的为主件。
    """
    suggestion = _lock_with_children(suggestion.pk)
    assigned = suggestion.main.status not in BEFORE_ASSIGNMENT
    _require_right(suggestion, actor, assigned)
    _require_reason(reason)
    names = _require_all(suggestion, consented, consent_how)
    if suggestion.status == SuggestionStatus.MERGED:
        move(suggestion, lifecycle.UNMERGE, actor=actor, reason=reason, fields={"merged_into": None})
    successor = promote_successor(suggestion, actor=actor, today=today)
    deadlines.close_dues(suggestion, today)
    for row in suggestion.cosigners.all():
        links.void(writing.LINK_PURPOSE, writing.link_subject(row))
    move(
        suggestion, lifecycle.WITHDRAW, actor=actor, reason=reason, fields={"due_on": None},
        consented=names, consent_how=consent_how, successor=successor.pk if successor else None,
        after_assignment=assigned,
    )
    return suggestion


def _lock_with_children(pk: int) -> Suggestion:
    """连同并入它的件、它并入的件一起锁，按内部号从小到大，免得互相等。"""
    near = Suggestion.objects.filter(Q(merged_into_id=pk) | Q(merged_children=pk)).values_list("pk", flat=True)
    pks = sorted({pk, *near})
    return {locked: lock_case(locked) for locked in pks}[pk]


def _require_right(suggestion: Suggestion, actor, assigned: bool) -> None:
    """交办前归领衔代表（纸质申请由联工委代办），交办后只归联工委。"""
    if actor.has_role(Role.NPC_OFFICE):
        return
    if suggestion.lead_deputy.account_id != actor.pk:
        raise Forbidden("撤回由领衔代表提出")
    if assigned:
        raise Forbidden("这件已经交办，撤回须经联工委同意，联系联工委办理")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError("写明撤回的理由", field="reason")


def _require_all(suggestion: Suggestion, consented: Iterable[CoSigner], consent_how: str) -> list[str]:
    """联名的件须全体一致要求撤回；返回同意人的姓名。"""
    signed = list(suggestion.cosigners.exclude(confirmed_hash="").select_related("deputy"))
    agreed = {row.pk for row in consented}
    waiting = [row.deputy.name for row in signed if row.pk not in agreed]
    if waiting:
        raise Incomplete(
            "联名提出的，撤回须全体代表一致要求",
            [Missing(f"{name}代表还没有同意撤回", url="#id_consented_0") for name in waiting],
        )
    if signed and not consent_how.strip():
        raise DomainError("写明联名代表怎样同意的，如书面、当面、电话", field="consent_how")
    return [row.deputy.name for row in signed]


def promote_successor(main: Suggestion, *, actor, today: date) -> Suggestion | None:
    """主件不在了：并入它的件中编号最小的改为主件，其余并入新主件。"""
    children = list(Suggestion.objects.filter(merged_into=main).select_related("session").order_by("number", "pk"))
    if not children:
        return None
    first, *rest = children
    due = deadlines.governing(first)
    move(
        first, lifecycle.UNMERGE, actor=actor, reason="主件撤回，本件改为主件",
        fields={"merged_into": None, "due_on": due}, old_main=main.pk,
    )
    Suggestion.objects.filter(pk__in=[child.pk for child in rest]).update(merged_into=first)
    record("suggestion.main_changed", actor=actor, target=first, old_main=main.pk, followed=[c.pk for c in rest])
    for child in rest:
        record("suggestion.main_changed", actor=actor, target=child, old_main=main.pk, new_main=first.pk)
    return first
