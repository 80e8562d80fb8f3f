"""一件建议走完全程：代表的手机、办公室、单位各人，到销号；不满意再办理；关掉 JavaScript 再走一遍。"""
import pytest

from handlers.models import Evaluation
from lianluo.audit.verify import verify
from supervision.reconciling import differences

from .walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def to_delivery(walk: Walk) -> None:
    walk.raise_it()
    walk.register()
    walk.assign()
    walk.accept()
    walk.contact()
    walk.opine()
    walk.draft()
    walk.approve()
    walk.deliver()
    walk.publish()


def test_from_a_phone_to_sign_off_through_seven_people(person, cast, tmp_path):
    walk = Walk(person, cast, tmp_path)
    to_delivery(walk)
    walk.rate("satisfied")
    walk.sign_off()
    assert len(walk.people) >= 7
    assert differences() == [] and verify()[1] is None


def test_dissatisfied_is_handled_again_and_signed_off(person, cast, tmp_path):
    walk = Walk(person, cast, tmp_path)
    to_delivery(walk)
    walk.rate("dissatisfied")
    assert walk.case.status == "rehandling" and walk.assignment(cast.water).round == 2
    walk.contact()
    walk.draft()
    walk.approve()
    walk.deliver()
    walk.publish()
    walk.rate("satisfied")
    walk.sign_off()
    assert Evaluation.objects.count() == 2
    assert differences() == [] and verify()[1] is None


def test_the_whole_way_with_javascript_off(person, cast, tmp_path):
    walk = Walk(person, cast, tmp_path, script=False)
    to_delivery(walk)
    walk.rate("satisfied")
    walk.sign_off()
    assert differences() == [] and verify()[1] is None
