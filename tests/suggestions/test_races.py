"""并发：编号不重不空，一件只登记一次，并案不成环，链接只用一次。"""
import pytest
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from lianluo.statemachine import DomainError
from suggestions import numbering
from suggestions.actions import cosigning, drafting, grouping, registering
from suggestions.actions.cosigning import issue_link
from suggestions.models import Suggestion
from tests.racing import at_once, without_unique
from tests.world import DAY

from .drafts import IN_SESSION, entered, registered, row_of, text
from .drafts import cosigning as asked

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PARALLEL = 8


def register(case, actor, *, fails: bool = False):
    with transaction.atomic():
        done = registering.register_suggestion(case, actor=actor, today=DAY)
        if fails:
            raise RuntimeError("后面的步骤没成")
    return done


def test_parallel_registrations_leave_no_hole_and_no_double_even_when_some_fail(world, rounds):
    taken = 0
    for number in range(max(2, rounds // 5)):
        cases = [entered(world, title=f"关于第{number}-{one}号公路的建议") for one in range(PARALLEL)]
        results = at_once(*(
            lambda case=case, fails=index % 4 == 3: register(case, world.clerk, fails=fails)
            for index, case in enumerate(cases)
        ))
        taken += sum(not isinstance(result, Exception) for result in results)
    numbers = sorted(Suggestion.objects.filter(number__isnull=False).values_list("number", flat=True))
    assert taken == len(numbers)
    assert numbers == list(range(1, taken + 1))


def register_twice(world, case) -> list:
    return at_once(lambda: register(case, world.clerk), lambda: register(case, world.second_clerk))


def test_one_suggestion_is_registered_once(world, rounds):
    for _ in range(rounds):
        refused = [result for result in register_twice(world, entered(world)) if isinstance(result, Exception)]
        assert len(refused) == 1
        assert isinstance(refused[0], DomainError)
        assert refused[0].status == 409


def merge_into_each_other(world, one, two) -> None:
    at_once(
        lambda: grouping.merge_suggestions(one, into=two, reason="同", actor=world.clerk, today=DAY),
        lambda: grouping.merge_suggestions(two, into=one, reason="同", actor=world.second_clerk, today=DAY),
    )


def test_two_cannot_be_merged_into_each_other(world, rounds):
    for _ in range(rounds):
        one, two = registered(world), registered(world)
        merge_into_each_other(world, one, two)
        one.refresh_from_db()
        two.refresh_from_db()
        assert sorted([one.status, two.status]) == ["merged", "registered"]


def confirm_while_changing(world, case, row, title: str) -> None:
    seen, lead = case.text_hash, world.lead_deputy.account
    at_once(
        lambda: cosigning.confirm_cosign(row, text_hash=seen, actor=world.cosigner.account, today=IN_SESSION),
        lambda: drafting.save_draft(text(title=title), suggestion=case, actor=lead, today=IN_SESSION),
    )


def test_confirming_while_the_text_changes_never_confirms_the_unseen_text(world, rounds):
    for number in range(rounds):
        case = asked(world)
        seen, row = case.text_hash, row_of(case, world.cosigner)
        confirm_while_changing(world, case, row, f"改过的第{number}个标题")
        case.refresh_from_db()
        row.refresh_from_db()
        assert case.text_hash != seen
        assert row.confirmed_hash == ""


def answer_four_times(url: str, data: dict) -> list[int]:
    return at_once(*(lambda: Client().post(url, data).status_code for _ in range(4)))


def test_the_same_link_answers_once(world, rounds):
    for _ in range(max(2, rounds // 4)):
        case = asked(world)
        url = reverse("suggestions:cosign_link", args=[issue_link(row_of(case, world.cosigner))])
        answers = answer_four_times(url, {"answer": "yes", "text_hash": case.text_hash})
        assert sum(status == 200 for status in answers) == 1


def register_eight(world, batch: int) -> list:
    cases = [entered(world, title=f"关于第{batch}-{one}号公路的建议") for one in range(PARALLEL)]
    return at_once(*(lambda case=case: register(case, world.clerk) for case in cases))


@pytest.fixture
def highest_plus_one(monkeypatch):
    """不用计数行，而用“最大号加一”。"""
    monkeypatch.setattr(
        numbering, "next_number",
        lambda session, series: (Suggestion.objects.aggregate(top=Max("number"))["top"] or 0) + 1,
    )


def test_negative_control_without_the_counter_numbers_collide(world, highest_plus_one):
    """反证：没有计数行，并行登记就会撞号，靠唯一约束拦下。"""
    results = [one for batch in range(5) for one in register_eight(world, batch)]
    assert any(isinstance(result, IntegrityError) for result in results)


def test_negative_control_without_counter_and_constraint_numbers_are_double(world, highest_plus_one):
    """反证：唯一约束也拆下，就真的重号了。"""
    with without_unique(Suggestion, "session_id", "series", "number"):
        for batch in range(5):
            register_eight(world, batch)
        numbers = list(Suggestion.objects.filter(number__isnull=False).values_list("number", flat=True))
    assert len(set(numbers)) < len(numbers)
