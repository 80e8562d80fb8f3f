"""收件箱：数、读、办，只碰本人的。"""
import pytest
from django.contrib.auth.models import AnonymousUser

from lianluo.notices import inbox
from lianluo.notices.models import Notice

from .conftest import at

pytestmark = pytest.mark.django_db


def test_unread_count_is_one_query_and_own_only(send, liu, chen, django_assert_num_queries):
    send(liu, about="assignment:1")
    send(liu, about="assignment:2")
    send(chen, about="assignment:1")
    with django_assert_num_queries(1):
        assert inbox.unread_count(liu) == 2
    with django_assert_num_queries(0):
        assert inbox.unread_count(AnonymousUser()) == 0


def test_reading_one_or_all(send, liu, chen):
    for number in range(3):
        send(liu, chen, about=f"assignment:{number}")
    first = Notice.objects.filter(recipient=liu).first()
    assert inbox.mark_read(liu, notice_id=first.pk, now=at(24, 9)) == 1
    assert inbox.mark_read(liu, now=at(24, 10)) == 2
    assert inbox.mark_read(liu, now=at(24, 11)) == 0
    assert inbox.unread_count(chen) == 3
    first.refresh_from_db()
    assert first.read_at == at(24, 9)


def test_nobody_marks_anothers_notice(send, liu, chen):
    send(liu)
    notice = Notice.objects.get()
    assert inbox.mark_read(chen, notice_id=notice.pk, now=at(24, 9)) == 0
    assert inbox.mark_done(chen, notice.pk, now=at(24, 9)) == 0


def test_settling_closes_the_notices_of_the_matter_and_no_others(send, texts, liu, chen):
    texts("trial.other", "另一种\n")
    send(liu, chen, about="assignment:1")
    send(liu, about="assignment:1", kind="trial.other")
    send(liu, about="assignment:2")
    assert inbox.settle("assignment:1", kinds=["trial.sent"], now=at(24, 9)) == 2
    assert inbox.settle("assignment:1", recipient=liu, now=at(24, 9)) == 1
    assert inbox.tab_counts(liu) == {"unread": 1, "all": 3, "done": 2}
    assert inbox.tab_counts(chen) == {"unread": 0, "all": 1, "done": 1}


def test_settling_keeps_the_time_of_reading(send, liu):
    send(liu)
    inbox.mark_read(liu, now=at(23, 9))
    inbox.settle("assignment:1", now=at(24, 9))
    notice = Notice.objects.get()
    assert (notice.read_at, notice.done_at) == (at(23, 9), at(24, 9))
