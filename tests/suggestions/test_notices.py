"""谁收到什么：操作人自己不收，去处各对各的页，话里没有不该有的词。"""
import re
from pathlib import Path

import pytest
from django.conf import settings

from lianluo.notices.models import Notice
from suggestions.actions import drafting, registering
from tests.world import DAY

from .drafts import IN_SESSION, confirm, cosigning, entered, registered, submitted

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates" / "notices").glob("*.txt"))
MINE = ("suggestion_", "cosigner_")


def of(kind):
    return Notice.objects.filter(kind=kind)


def test_the_actor_gets_nothing(world):
    case = submitted(world)
    registering.return_to_deputy(case, note="写具体些", actor=world.clerk, today=IN_SESSION)
    assert not Notice.objects.filter(recipient=world.clerk, kind="suggestion.returned").exists()
    assert not Notice.objects.filter(recipient=world.lead_deputy.account, kind="suggestion.submitted").exists()


def test_a_returned_one_leads_the_deputy_to_the_form_and_the_clerk_to_the_correction(world):
    own, typed = submitted(world), entered(world, actor=world.second_clerk)
    for case in (own, typed):
        registering.return_to_deputy(case, note="写具体些", actor=world.clerk, today=IN_SESSION)
    urls = {(notice.recipient.username, notice.url) for notice in of("suggestion.returned")}
    assert ("hn140001", f"/my/{own.pk}/edit/") in urls
    assert ("clerk2", f"/office/intake/{typed.pk}/edit/") in urls


def test_every_return_is_told_anew(world):
    case = submitted(world)
    for _ in range(2):
        registering.return_to_deputy(case, note="写具体些", actor=world.clerk, today=IN_SESSION)
        drafting.submit_suggestion(case, actor=world.lead_deputy.account, today=IN_SESSION)
    assert of("suggestion.returned").filter(recipient=world.lead_deputy.account).count() == 2


def test_cosigners_hear_of_submission_registration_and_withdrawal(world):
    case = cosigning(world)
    confirm(case, world.cosigner)
    case = drafting.submit_suggestion(case, actor=world.lead_deputy.account, today=IN_SESSION)
    case = registering.register_suggestion(case, actor=world.clerk, today=DAY)
    drafting.withdraw_suggestion(
        case, reason="已解决", consented=case.cosigners.all(), consent_how="书面", actor=world.clerk, today=DAY
    )
    kinds = set(Notice.objects.filter(recipient=world.cosigner.account).values_list("kind", flat=True))
    assert kinds == {"cosigner.invited", "cosigner.submitted", "suggestion.registered", "suggestion.withdrawn"}


def test_a_deputy_without_account_breaks_nothing(world):
    world.lead_deputy.account = None
    world.lead_deputy.save()
    case = registered(world, cosigners=[world.cosigner])
    assert of("suggestion.registered").count() == 1
    assert case.status == "registered"


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.name.startswith(MINE)], ids=lambda path: path.stem
)
def test_notices_say_what_happened_without_forbidden_words(path):
    text = path.read_text("utf-8")
    assert len(text.split("\n")) >= 2
    assert not re.search(r"(?<![邀申])请|抱歉|！|操作失败|非法|输入有误", text)
