"""相近件：并案、解除并案、编组、判为不相近。并案办理，各自答复。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, NotAllowed, move, require

from .. import deadlines, lifecycle
from ..locking import lock_case
from ..models import SimilarityVerdict, Suggestion, SuggestionGroup, SuggestionStatus
from .registering import register_suggestion

#: 还能接受并入、解除并案的主件：已登记、已交办而未答复
OPEN_MAIN = (SuggestionStatus.REGISTERED, SuggestionStatus.ASSIGNED, SuggestionStatus.HANDLING)


def _lock_all(*pks: int) -> dict[int, Suggestion]:
    """几件一起锁，一律按内部号从小到大。"""
    return {pk: lock_case(pk) for pk in sorted(set(pks))}


@transaction.atomic
def merge_suggestions(child: Suggestion, *, into: Suggestion, reason: str, actor, today: date) -> Suggestion:
    """并案：同届同会，主件未答复，不成链、不成环；并入后仍须各自答复。"""
    locked = _lock_all(child.pk, into.pk)
    child, main = locked[child.pk], locked[into.pk]
    require(child, lifecycle.MERGE)
    _require_mergeable(child, main)
    if not reason.strip():
        raise DomainError("写明并案的理由，一并告知代表", field="reason")
    deadlines.close_dues(child, today)
    move(
        child, lifecycle.MERGE, actor=actor, reason=reason.strip(), fields={"merged_into": main, "due_on": None},
        into=main.pk, into_number=main.shown_number,
    )
    return child


def _require_mergeable(child: Suggestion, main: Suggestion) -> None:
    """逐条说清为什么不能并。"""
    if child.pk == main.pk:
        raise DomainError("不能并入自己，换一件作主件", field="into")
    if child.session_id != main.session_id:
        raise DomainError(f"{main.shown_number} 不是同一次会议的件，只能并入同一次会议的件", field="into")
    if main.status == SuggestionStatus.MERGED:
        raise DomainError(
            f"{main.shown_number} 自己已并入 {main.merged_into.shown_number}，直接并入 {main.merged_into.shown_number}",
            field="into",
        )
    if main.status not in OPEN_MAIN:
        name = main.shown_number or f"《{main.title}》"
        raise DomainError(f"{name}{main.get_status_display()}，不能再并入；主件须已登记而未答复", field="into")
    children = [one.shown_number for one in child.merged_children.order_by("number")]
    if children:
        raise DomainError(
            f"{'、'.join(children)} 已并入 {child.shown_number}，先解除并案，或者反过来以 {child.shown_number} 为主件",
            field="into",
        )


@transaction.atomic
def register_and_merge(
    suggestion: Suggestion, *, into: Suggestion, reason: str, category=None, actor, today: date
) -> Suggestion:
    """审查时并案：先登记取号，再并入。"""
    _lock_all(suggestion.pk, into.pk)
    suggestion = register_suggestion(suggestion, category=category, actor=actor, today=today)
    return merge_suggestions(suggestion, into=into, reason=reason, actor=actor, today=today)


@transaction.atomic
def unmerge(child: Suggestion, *, reason: str, actor, today: date) -> Suggestion:
    """解除并案：主件未答复才行；本件回到已登记，另行交办。"""
    child = _lock_all(child.pk, child.merged_into_id or child.pk)[child.pk]
    require(child, lifecycle.UNMERGE)
    main = child.merged_into
    if main.status not in OPEN_MAIN:
        raise NotAllowed(f"主件 {main.shown_number} {main.get_status_display()}，不能再解除并案")
    if not reason.strip():
        raise DomainError("写明解除并案的理由", field="reason")
    move(
        child, lifecycle.UNMERGE, actor=actor, reason=reason.strip(), fields={"merged_into": None}, old_main=main.pk
    )
    return child


@transaction.atomic
def group_suggestions(suggestions: Iterable[Suggestion], *, name: str, note: str = "", actor, today: date):
    """编入相近件组：其中已有在组里的，其余编入那一组；分属两组的不能合。返回组。"""
    members = list(_lock_all(*(one.pk for one in suggestions)).values())
    if len(members) < 2:
        raise DomainError("至少选两件才能编组", field="members")
    if len({one.session_id for one in members}) > 1:
        raise DomainError("相近件组只收同一次会议的件", field="members")
    group = _group_for(members, name=name, note=note, actor=actor)
    for one in members:
        if one.group_id != group.pk:
            Suggestion.objects.filter(pk=one.pk).update(group=group)
            record("suggestion.grouped", actor=actor, target=one, group=group.pk, name=group.name)
    return group


def _group_for(members: list[Suggestion], *, name: str, note: str, actor) -> SuggestionGroup:
    present = {one.group_id for one in members if one.group_id}
    if len(present) > 1:
        raise DomainError("所选的件分属不同的相近件组，先从一组移出", field="members")
    if present:
        return SuggestionGroup.objects.get(pk=present.pop())
    if not name.strip():
        raise DomainError("填写相近件组的名称", field="name")
    return SuggestionGroup.objects.create(
        session=members[0].session, name=name.strip()[:60], note=note.strip(), made_by=actor
    )


@transaction.atomic
def ungroup(suggestion: Suggestion, *, actor, today: date) -> None:
    """移出相近件组；组里只剩一件时组也撤去。"""
    suggestion = lock_case(suggestion.pk)
    group = suggestion.group
    if group is None:
        return
    Suggestion.objects.filter(pk=suggestion.pk).update(group=None)
    record("suggestion.ungrouped", actor=actor, target=suggestion, group=group.pk, name=group.name)
    left = list(group.suggestions.all()[:2])
    if len(left) < 2:
        for one in left:
            record("suggestion.ungrouped", actor=actor, target=one, group=group.pk, name=group.name)
        group.delete()


@transaction.atomic
def mark_not_similar(one: Suggestion, other: Suggestion, *, actor, today: date) -> SimilarityVerdict:
    """人看过，不相近：以后两件不再互相提示。"""
    if one.pk == other.pk:
        raise DomainError("选另一件来比较")
    first, second = sorted([one, other], key=lambda case: case.pk)
    _lock_all(first.pk, second.pk)
    verdict, created = SimilarityVerdict.objects.get_or_create(
        first=first, second=second, defaults={"made_by": actor}
    )
    if created:
        record("suggestion.marked_not_similar", actor=actor, target=one, other=other.pk, other_name=str(other))
    return verdict
