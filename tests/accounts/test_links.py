"""个人链接：一个人、一件事、用一次；伪造的一个也不收。"""
import random
import string

import pytest
import time_machine
from django.utils import timezone

from lianluo.accounts import links
from lianluo.accounts.links import LinkError, LinkExpired, LinkUsed, LinkVoided
from lianluo.accounts.models import PersonalLink

START = "2026-11-24 09:00 +0800"
ALPHABET = string.ascii_letters + string.digits + "-_"


def issue(**options) -> str:
    return links.issue("evaluate", "delivery:7", **{"days": 60, "deputy_id": 3, **options})


def test_a_link_opens_any_number_of_times_and_is_used_once(liu):
    token = issue(account=liu)
    link = links.resolve("evaluate", token)
    assert (link.subject, link.deputy_id, link.account) == ("delivery:7", 3, liu)
    first_opened = link.opened_at
    assert first_opened and links.resolve("evaluate", token).opened_at == first_opened
    links.use(link)
    with pytest.raises(LinkUsed, match="已经用过"):
        links.resolve("evaluate", token)


def test_two_who_submit_at_once_use_it_once():
    token = issue()
    mine, other = links.resolve("evaluate", token), links.resolve("evaluate", token)
    links.use(mine)
    with pytest.raises(LinkUsed):
        links.use(other)


def test_of_a_thousand_mutations_none_is_accepted():
    dice = random.Random(20261124)
    token, other = issue(), issue(deputy_id=4)
    accepted = 0
    for _ in range(1000):
        try:
            links.resolve("evaluate", _mutate(token, other, dice))
            accepted += 1
        except LinkError as error:
            assert error.status == 404
    assert accepted == 0 and links.resolve("evaluate", token).deputy_id == 3


def _mutate(token: str, other: str, dice: random.Random) -> str:
    """翻位、换字、增删、截断、换大小写、拼接两条、加空白与结尾符。"""
    place = dice.randrange(len(token))
    made = dice.choice([
        token[:place] + dice.choice(ALPHABET) + token[place + 1:],
        token[:place] + chr(ord(token[place]) ^ 1 << dice.randrange(7)) + token[place + 1:],
        token[:place] + token[place + 1:],
        token[:place] + dice.choice(ALPHABET) + token[place:],
        token[:place], token.swapcase(), token + "=", token + "\n", " " + token, token + "\x00", token[::-1],
        token[:place] + other[place:], token + token, token.upper(), token + "\ud800", "", "é" + token,
    ])
    return made if made not in (token, other) else made + "x"


def test_a_link_for_another_purpose_is_not_accepted():
    token = issue()
    with pytest.raises(LinkError):
        links.resolve("cosign", token)


def test_it_ends_to_the_second():
    with time_machine.travel(START, tick=False) as clock:
        token = issue()
        link = links.resolve("evaluate", token)
        clock.shift(60 * 86400 - 1)
        links.resolve("evaluate", token)
        clock.shift(1)
        with pytest.raises(LinkExpired, match="过期") as caught:
            links.resolve("evaluate", token)
        with pytest.raises(LinkExpired):
            links.use(link)
    assert caught.value.status == 410 and caught.value.link == link


def test_an_expired_link_is_renewed_once_for_as_long():
    with time_machine.travel(START, tick=False) as clock:
        token = issue()
        clock.shift(61 * 86400)
        with pytest.raises(LinkExpired) as caught:
            links.resolve("evaluate", token)
        fresh = links.resolve("evaluate", links.renew(caught.value.link))
        assert (fresh.subject, fresh.deputy_id) == ("delivery:7", 3)
        assert (fresh.expires_at - timezone.now()).days == 60
        with pytest.raises(LinkVoided):
            links.renew(caught.value.link)
        with pytest.raises(LinkVoided, match="最近收到"):
            links.resolve("evaluate", token)
    assert PersonalLink.objects.count() == 2


def test_a_used_link_is_not_renewed():
    link = links.resolve("evaluate", issue())
    links.use(link)
    with pytest.raises(LinkUsed):
        links.renew(link)


def test_links_are_voided_with_their_cause():
    token, elsewhere = issue(), links.issue("evaluate", "delivery:8", days=60)
    assert links.void("evaluate", "delivery:7") == 1
    with pytest.raises(LinkVoided):
        links.resolve("evaluate", token)
    assert links.resolve("evaluate", elsewhere)


def test_the_token_is_random_and_not_kept():
    made = {issue() for _ in range(50)}
    kept = str(list(PersonalLink.objects.values()))
    assert len(made) == 50 and all(len(token) >= 32 for token in made)  # 24 字节，192 位
    assert not any(token in kept for token in made)
