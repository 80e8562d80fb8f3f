"""静默时段与非工作日不发。"""
import pytest

from lianluo.notices import quiet

from .conftest import at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("moment", "digest", "ring"),
    [
        (at(24, 7, 29), False, False),
        (at(24, 7, 30), True, False),
        (at(24, 7, 59), True, False),
        (at(24, 8), True, True),
        (at(24, 19, 59), True, True),
        (at(24, 20), False, False),
        (at(24, 3), False, False),
        (at(28, 10), False, False),  # 星期六
        (at(10, 10, month=10), True, True),  # 星期六，国庆节调休上班
        (at(1, 10, month=10), False, False),  # 国庆节
    ],
)
def test_windows(moment, digest, ring):
    assert (quiet.may_mail_digest(moment), quiet.may_ring(moment)) == (digest, ring)
