"""两个人同时导入同一份表、导入时有人在登记：件不重、号不重。"""
import pytest

from suggestions import numbering
from suggestions.actions import importing, registering
from suggestions.models import ImportBatch, Suggestion
from tests.racing import at_once
from tests.suggestions.drafts import entered
from tests.suggestions.sheets import book, row, take
from tests.world import DAY

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("var_dir")]


def twice(world, content: bytes) -> list:
    return at_once(lambda: take(world, content), lambda: take(world, content, actor=world.second_clerk))


def test_two_uploads_of_one_file_at_once_make_every_row_once(world, rounds):
    numbered = book(*(row(at, number=str(at)) for at in range(1, 4)))
    plain = book(*(row(at) for at in range(1, 4)))
    for turn in range(rounds):
        reports = twice(world, (numbered, plain)[turn % 2])
        assert sorted((report.created, report.unchanged) for report in reports) == [(0, 3), (3, 0)]
        assert Suggestion.objects.count() == 3
        batch = ImportBatch.objects.filter(undone_at=None).get()
        importing.undo_import(batch, actor=world.clerk, today=DAY)


def test_negative_control_without_the_queue_rows_come_twice(world, rounds, monkeypatch):
    monkeypatch.setattr(importing, "_queue_up", lambda session: None)
    for turn in range(rounds):
        twice(world, book(*(row(turn * 10 + at) for at in range(3))))
        if Suggestion.objects.count() > (turn + 1) * 3:
            return
    pytest.fail("去掉排队也没有重复，这个测试查不出毛病")


def test_an_import_and_a_registration_never_share_a_number(world, rounds):
    """同一个号，导入与登记只有一个得到；输的一方一句话说清，不留半行。"""
    for turn in range(rounds):
        case = entered(world)
        number = numbering.upcoming_number(world.session)
        content = book(row(1000 + turn, number=str(number)))
        report, registered = at_once(
            lambda content=content: take(world, content),
            lambda case=case: registering.register_suggestion(case, actor=world.clerk, today=DAY),
        )
        assert not isinstance(report, Exception)
        if not report.ok:
            assert report.errors[0].message == importing.COLLIDED or "已被" in report.errors[0].message
        assert report.ok or not isinstance(registered, Exception)
        taken = list(Suggestion.objects.filter(number__isnull=False).values_list("number", flat=True))
        assert len(taken) == len(set(taken))
