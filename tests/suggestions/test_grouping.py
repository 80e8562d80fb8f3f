"""并案、解除并案、编组、不相近。"""
import pytest

from lianluo.congresses.models import Session
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, NotAllowed
from suggestions.actions import drafting, grouping
from suggestions.models import SimilarityVerdict, Suggestion, SuggestionGroup
from tests.world import DAY

from .drafts import entered, registered


def merge(world, child, main, reason="同一水库"):
    return grouping.merge_suggestions(child, into=main, reason=reason, actor=world.clerk, today=DAY)


def force(case: Suggestion, status: str) -> Suggestion:
    """直接摆到某个状态，只为试主件的条件。"""
    Suggestion.objects.filter(pk=case.pk).update(status=status)
    case.refresh_from_db()
    return case


def test_merging_points_to_the_main_and_tells_both_sides(world):
    main, child = registered(world), registered(world, lead_deputy=world.other_deputy)
    merged = merge(world, child, main)
    assert (merged.status, merged.merged_into) == ("merged", main)
    told = Notice.objects.filter(kind="suggestion.merged").values_list("recipient__name", flat=True)
    assert sorted(told) == ["刘岚", "黄岳若"]
    assert "各自的答复" in Notice.objects.filter(kind="suggestion.merged")[0].body


def test_every_merged_item_is_still_an_item_with_its_own_deputy(world):
    """每件各自答复：并入的件仍在册，代表不变，只是以主件办理。"""
    main = registered(world)
    child = merge(world, registered(world, lead_deputy=world.other_deputy), main)
    assert Suggestion.objects.on_record().count() == 2
    assert child.lead_deputy == world.other_deputy
    assert child.main == main


def test_no_chain_no_ring_no_self(world):
    first, second, third = registered(world), registered(world), registered(world)
    with pytest.raises(DomainError, match="不能并入自己"):
        merge(world, first, first)
    merge(world, second, first)
    with pytest.raises(DomainError, match="直接并入 0001"):
        merge(world, third, second)
    with pytest.raises(DomainError, match="0002 已并入 0001"):
        merge(world, first, third)


@pytest.mark.parametrize("status", ["replied", "concluded", "withdrawn", "declined", "rehandling"])
def test_a_main_past_its_reply_or_gone_takes_nothing_in(world, status):
    main, child = force(registered(world), status), registered(world)
    with pytest.raises(DomainError, match="不能再并入") as caught:
        merge(world, child, main)
    assert caught.value.field == "into"


@pytest.mark.parametrize("status", ["registered", "assigned", "handling"])
def test_a_main_not_yet_replied_takes_items_in(world, status):
    main, child = force(registered(world), status), registered(world)
    assert merge(world, child, main).status == "merged"


def test_an_unregistered_main_is_refused(world):
    with pytest.raises(DomainError, match="主件须已登记"):
        merge(world, registered(world), entered(world))


def test_only_within_one_session(world):
    other = Session.objects.create(
        term=world.term, number=3, name="上次会议", opened_on="2025-01-15", closed_on="2025-01-20",
        profile=world.profile,
    )
    main = registered(world)
    Suggestion.objects.filter(pk=main.pk).update(session=other)
    with pytest.raises(DomainError, match="同一次会议"):
        merge(world, registered(world), Suggestion.objects.get(pk=main.pk))


def test_merging_needs_a_reason(world):
    with pytest.raises(DomainError, match="理由"):
        merge(world, registered(world), registered(world), reason=" ")


def test_reviewing_can_register_and_merge_in_one_go(world):
    main, child = registered(world), entered(world)
    done = grouping.register_and_merge(child, into=main, reason="同一水库", actor=world.clerk, today=DAY)
    assert (done.status, done.number) == ("merged", 2)


def test_a_refused_merge_gives_the_number_back_too(world):
    main, child = force(registered(world), "replied"), entered(world)
    with pytest.raises(DomainError):
        grouping.register_and_merge(child, into=main, reason="同一水库", actor=world.clerk, today=DAY)
    child.refresh_from_db()
    assert (child.status, child.number) == ("submitted", None)


def test_unmerging_brings_it_back_unless_the_main_has_replied(world):
    main = registered(world)
    child = merge(world, registered(world), main)
    back = grouping.unmerge(child, reason="内容不同", actor=world.clerk, today=DAY)
    assert (back.status, back.merged_into) == ("registered", None)
    child = merge(world, back, main)
    force(main, "replied")
    with pytest.raises(NotAllowed, match="不能再解除并案"):
        grouping.unmerge(child, reason="内容不同", actor=world.clerk, today=DAY)


def test_when_the_main_withdraws_the_smallest_child_becomes_main(world):
    main, second, third = (registered(world) for _ in range(3))
    merge(world, third, main)
    merge(world, second, main)
    drafting.withdraw_suggestion(main, reason="代表要求", actor=world.clerk, today=DAY)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.status, second.merged_into) == ("registered", None)
    assert (third.status, third.merged_into) == ("merged", second)
    assert Notice.objects.filter(kind="suggestion.main_changed", recipient=world.lead_deputy.account).count() == 2


# ── 编组 ──
def test_a_group_collects_without_merging(world):
    one, two, three = (registered(world) for _ in range(3))
    group = grouping.group_suggestions([one, two], name="水库除险", actor=world.clerk, today=DAY)
    again = grouping.group_suggestions([two, three], name="", actor=world.clerk, today=DAY)
    assert group == again
    assert group.suggestions.count() == 3
    assert set(group.suggestions.values_list("status", flat=True)) == {"registered"}


def test_two_groups_are_not_silently_joined(world):
    cases = [registered(world) for _ in range(4)]
    grouping.group_suggestions(cases[:2], name="甲", actor=world.clerk, today=DAY)
    grouping.group_suggestions(cases[2:], name="乙", actor=world.clerk, today=DAY)
    with pytest.raises(DomainError, match="分属不同"):
        grouping.group_suggestions([cases[0], cases[2]], name="丙", actor=world.clerk, today=DAY)


def test_a_group_of_one_dissolves(world):
    one, two = registered(world), registered(world)
    grouping.group_suggestions([one, two], name="甲", actor=world.clerk, today=DAY)
    grouping.ungroup(one, actor=world.clerk, today=DAY)
    two.refresh_from_db()
    assert two.group is None
    assert not SuggestionGroup.objects.exists()


def test_a_verdict_is_stored_once_whichever_way_round(world):
    one, two = registered(world), registered(world)
    grouping.mark_not_similar(two, one, actor=world.clerk, today=DAY)
    grouping.mark_not_similar(one, two, actor=world.second_clerk, today=DAY)
    verdict = SimilarityVerdict.objects.get()
    assert (verdict.first, verdict.second, verdict.made_by) == (one, two, world.clerk)
