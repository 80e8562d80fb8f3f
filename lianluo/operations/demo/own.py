"""演示里代表自己动手的几件：一件草稿，一件等人联名，一件请了演示代表联名。"""

from __future__ import annotations

from datetime import date
from random import Random

from suggestions.actions import drafting
from suggestions.models import Deputy, Suggestion

from . import texts
from .accounts import shown_deputy
from .people import Province

COUNT = 3


def raise_own(province: Province, day: date) -> None:
    """最后一天办：演示代表打开手机，有草稿要写完，有别人的稿子等他看过联名。"""
    deputy = shown_deputy()
    mates = [one for one in province.deputies if one.delegation_id == deputy.delegation_id and one.pk != deputy.pk]
    first, second, third = province.rng.sample(mates, 3)
    _draft(province.rng, deputy, [], day)
    for lead, asked in ((deputy, [first, second]), (third, [deputy, first])):
        case = _draft(province.rng, lead, asked, day)
        drafting.open_cosigning(case, actor=lead.account, today=day)


def _draft(rng: Random, lead: Deputy, asked: list[Deputy], day: date) -> Suggestion:
    title = texts.invented_title(rng)
    body, requests = texts.body_for(title, rng)
    data = {
        "lead_deputy": lead, "cosigners": asked, "title": title, "body": body, "requests": requests,
        "kind": "suggestion", "publish_wish": "full", "contact_phone": lead.phone,
    }
    return drafting.save_draft(data, actor=lead.account, today=day)
