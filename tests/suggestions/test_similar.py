"""可能相近：收窄、比较、结论、计数、看不见的不提示。"""
import pytest

from suggestions import similar
from suggestions.actions import drafting, grouping
from suggestions.models import Suggestion
from tests.world import DAY

from .drafts import BODY, draft, entered, registered, submitted


def titles(items) -> list[str]:
    return [item.suggestion.title for item in items]


def everything():
    return Suggestion.objects.all()


def ask(world, title, body="", **kwargs):
    return similar.similar_to_text(title, body, session=world.session, within=everything(), **kwargs)


def test_the_same_matter_in_other_words_is_found(world):
    registered(world, title="关于解决老旧小区停车难问题的建议", body="略")
    registered(world, title="关于发展油茶产业的建议", body="略")
    found = ask(world, "关于加快老旧小区停车位建设的建议")
    assert titles(found) == ["关于解决老旧小区停车难问题的建议"]


def test_the_same_text_under_another_title_is_found_by_its_body(world):
    body = BODY + "请省里安排专项资金，三年内完成除险加固任务，逐库落实责任人。"
    registered(world, title="关于某项工作的建议", body=body)
    found = ask(world, "关于完全不同的题目", body)
    assert titles(found) == ["关于某项工作的建议"]
    assert found[0].phrases


@pytest.mark.parametrize("title", ["关于进一步加强有关工作的建议", "关于推进长沙市建设的建议", ""])
def test_boilerplate_and_place_names_alone_are_no_likeness(world, title):
    registered(world, title="关于进一步加强长沙市有关建设工作的建议", body="略")
    assert ask(world, title) == []


def test_drafts_withdrawn_and_declined_ones_are_not_offered(world):
    draft(world)
    drafting.withdraw_suggestion(registered(world), reason="代表要求", actor=world.clerk, today=DAY)
    assert ask(world, "关于加快病险水库除险加固的建议", BODY) == []


def test_only_what_the_asker_may_see_is_offered_not_even_counted(world):
    registered(world)
    visible = Suggestion.objects.visible_to(world.water.liaison)
    assert similar.similar_to_text("关于加快病险水库除险加固的建议", BODY, session=world.session, within=visible) == []


def test_verdicts_merges_and_itself_are_left_out(world):
    one, two, three = (registered(world) for _ in range(3))
    assert len(similar.similar_to(one, within=everything())) == 2
    grouping.mark_not_similar(two, one, actor=world.clerk, today=DAY)
    assert [item.suggestion for item in similar.similar_to(one, within=everything())] == [three]
    grouping.merge_suggestions(three, into=one, reason="同", actor=world.clerk, today=DAY)
    assert similar.similar_to(one, within=everything()) == []


def test_counts_are_kept_on_both_sides_as_items_arrive(world):
    first = entered(world)
    second = submitted(world)
    for case in (first, second):
        case.refresh_from_db()
        assert case.similar_count == 1
    entered(world, title="关于发展油茶产业的建议", body="说的是油茶。")
    first.refresh_from_db()
    assert first.similar_count == 1


def test_a_whole_session_can_be_counted_again(world):
    cases = [entered(world) for _ in range(3)]
    Suggestion.objects.update(similar_count=0)
    assert similar.refresh_counts(world.session) == 3
    cases[0].refresh_from_db()
    assert cases[0].similar_count == 2
    assert similar.refresh_counts(world.session) == 0


def test_marked_text_is_escaped_before_it_is_marked():
    assert similar.mark_phrases("<b>共有的一句原话</b>", ["共有的一句原话"]) == (
        "<p>&lt;b&gt;<mark>共有的一句原话</mark>&lt;/b&gt;</p>"
    )


@pytest.mark.parametrize(
    ("one", "other", "phrases"),
    [
        ("汛期风险很大群众反映强烈", "据了解汛期风险很大群众反映强烈，急需解决", ["汛期风险很大群众反映强烈"]),
        ("甲乙丙丁戊己庚", "甲乙丙丁戊己庚", []),
        (
            "第一段的原话八个字\n第二段另有一句原话", "第二段另有一句原话。又第一段的原话八个字",
            ["第一段的原话八个字", "第二段另有一句原话"],
        ),
        ("", "什么也没有", []),
    ],
)
def test_shared_sentences_are_found_line_by_line(one, other, phrases):
    assert similar.shared(one, other) == phrases
