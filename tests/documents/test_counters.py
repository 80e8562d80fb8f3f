"""取号：连续、不重、不空；并发时也是。"""
import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from lianluo.documents.counters import peek, raise_to, take
from lianluo.documents.models import Counter
from tests.racing import at_once

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="只在 PostgreSQL 上跑")
WRITERS, EACH = 8, 15


@pytest.mark.django_db
def test_numbers_begin_at_one_and_follow_each_other():
    assert [take("建议:14-4") for _ in range(3)] == [1, 2, 3]
    assert str(Counter.objects.get(scope="建议:14-4")) == "建议:14-4：3"
    assert [take("建议:14-5"), peek("建议:14-4"), peek("没有取过")] == [1, 3, 0]


@pytest.mark.django_db
def test_a_rolled_back_number_is_given_again():
    with pytest.raises(RuntimeError), transaction.atomic():
        assert take("文号") == 1
        raise RuntimeError
    assert take("文号") == 1


@pytest.mark.django_db
def test_raising_never_lowers():
    assert [raise_to("a", 40), raise_to("a", 12), take("a"), raise_to("a", 41)] == [40, 40, 41, 41]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [lambda: take("a"), lambda: raise_to("a", 3)])
def test_outside_a_transaction_nothing_is_given(act):
    with pytest.raises(TransactionManagementError):
        act()
    assert not Counter.objects.exists()


def writer(number: int) -> list[int]:
    """十次里有一次取了号又失败。"""
    kept = []
    for turn in range(EACH):
        try:
            with transaction.atomic():
                taken = take("竞争")
                if (number + turn) % 10 == 0:
                    raise RuntimeError
                kept.append(taken)
        except RuntimeError:
            continue
    return kept


@pytest.mark.race
@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_eight_writers_leave_no_gap_and_no_double():
    results = at_once(*[lambda number=number: writer(number) for number in range(WRITERS)])
    taken = sorted(number for kept in results for number in kept)
    assert taken == list(range(1, len(taken) + 1))
    assert peek("竞争") == len(taken)


@pytest.mark.race
@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_row_made_by_many_at_once_is_one_row():
    def first(scope: str) -> int:
        with transaction.atomic():
            return take(scope)

    for turn in range(20):
        assert sorted(at_once(*[lambda turn=turn: first(f"新{turn}")] * 4)) == [1, 2, 3, 4]


@pytest.mark.race
@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_control_reading_first_and_adding_after_gives_doubles():
    """反例：先读后写的取法在同样的竞争下必然重号。"""
    Counter.objects.create(scope="反例")

    def naive() -> int:
        with transaction.atomic():
            counter = Counter.objects.get(scope="反例")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.02)")
            Counter.objects.filter(pk=counter.pk).update(last=counter.last + 1)
            return counter.last + 1

    assert len(set(at_once(*[naive] * 6))) < 6
