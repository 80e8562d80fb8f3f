"""并发：一条链接、一枚验证码同时被多人提交，只成一次；猜测合计不过五次。"""
import threading

import pytest
from django.conf import settings
from django.db import connections
from django.test import RequestFactory

from lianluo.accounts import actions, codes, links
from lianluo.accounts.models import OneTimeCode, RoleGrant, User
from lianluo.accounts.roles import Role
from lianluo.statemachine import DomainError
from lianluo.workdays import clock

ROUNDS, HANDS = 20, 8
POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not POSTGRESQL, reason="竞争要行级并发，只在 PostgreSQL 上跑"),
]


def together(act) -> int:
    """八只手同时做同一件事，返回成功的只数。"""
    barrier, done = threading.Barrier(HANDS), []

    def hand(number: int) -> None:
        try:
            barrier.wait()
            act(number)
            done.append(number)
        except DomainError:
            pass
        finally:
            connections.close_all()

    hands = [threading.Thread(target=hand, args=(number,)) for number in range(HANDS)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    return len(done)


def asked(account: User):
    """已取码的请求与它的验证码。"""
    request = RequestFactory().post("/")
    request.session = {}
    sent = []
    codes.delivery.hand_over = lambda carry, subject, body: sent.append(body)
    codes.send(account, request)
    return request, next(word for word in sent[0].replace("，", " ").split() if word.isdigit())


def test_a_link_is_used_once():
    for _ in range(ROUNDS):
        token = links.issue("evaluate", "delivery:7", days=60)
        seen = [links.resolve("evaluate", token) for _ in range(HANDS)]
        assert together(lambda number, seen=seen: links.use(seen[number])) == 1


def test_a_link_is_renewed_once():
    for _ in range(ROUNDS):
        link = links.resolve("evaluate", links.issue("evaluate", "delivery:7", days=60))
        assert together(lambda number, link=link: links.renew(link)) == 1


def test_a_code_enters_once(liu, monkeypatch):
    monkeypatch.setattr(codes.delivery, "hand_over", codes.delivery.hand_over)
    for _ in range(ROUNDS):
        OneTimeCode.objects.all().delete()
        request, code = asked(liu)
        assert together(lambda number, request=request, code=code: codes.check(request, code)) == 1


def test_parallel_guesses_take_no_more_than_five_tries(liu, monkeypatch):
    monkeypatch.setattr(codes.delivery, "hand_over", codes.delivery.hand_over)
    for _ in range(ROUNDS):
        OneTimeCode.objects.all().delete()
        request, code = asked(liu)
        wrong = f"{(int(code) + 1) % 1000000:06d}"
        assert together(lambda number, request=request, wrong=wrong: codes.check(request, wrong)) == 0
        assert OneTimeCode.objects.get().tries == codes.TRIES


def test_two_excluding_grants_at_once_leave_one(person):
    for number in range(ROUNDS):
        account = person(f"wang{number}")
        wanted = [Role.SYSADMIN, Role.NPC_OFFICE] * (HANDS // 2)
        together(lambda hand, account=account, wanted=wanted: actions.grant_role(
            User.objects.get(pk=account.pk), wanted[hand], actor=None, valid_from=clock.today()
        ))
        assert RoleGrant.objects.filter(account=account).count() == 1

