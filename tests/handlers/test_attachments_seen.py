"""附件谁看得到：材料跟着件走，各单位的各归各，会办意见送出后主办才看得到，纸质意见表只给办公室。"""
from django.core.files.uploadedfile import SimpleUploadedFile

from handlers.actions import assisting
from suggestions.access import attachments_for
from suggestions.actions.attaching import add_attachment
from suggestions.models import Purpose

from .handling import MET, lead_and_helper


def attach(case, purpose, actor, about=""):
    upload = SimpleUploadedFile("说明.txt", "办理情况说明".encode(), content_type="text/plain")
    return add_attachment(case, upload, purpose=purpose, about=about, actor=actor)


def seen(user, case) -> set[str]:
    return set(attachments_for(user, case).values_list("purpose", flat=True))


def test_an_opinions_file_is_the_helpers_own_until_it_is_sent(world, var_dir):
    lead, helper = lead_and_helper(world)
    opinion = assisting.save_opinion(
        helper, text="同意", document_number="湘交函〔2026〕1号", signed_by="副厅长",
        actor=world.transport.officer, today=MET,
    )
    attach(lead.suggestion, Purpose.OPINION, world.transport.officer, f"opinion:{opinion.pk}")
    assert seen(world.transport.liaison, lead.suggestion) == {"opinion"}
    assert seen(world.water.liaison, lead.suggestion) == set()
    assisting.send_opinion(opinion, actor=world.transport.liaison, today=MET)
    assert seen(world.water.liaison, lead.suggestion) == {"opinion"}
    assert seen(world.lead_deputy.account, lead.suggestion) == set()


def test_the_paper_form_is_for_the_office_only(world, var_dir):
    lead, _ = lead_and_helper(world)
    attach(lead.suggestion, Purpose.EVALUATION, world.clerk)
    attach(lead.suggestion, Purpose.MATERIAL, world.clerk)
    assert seen(world.second_clerk, lead.suggestion) == {"evaluation", "material"}
    for other in (world.water.liaison, world.gov, world.committee, world.lead_deputy.account):
        assert seen(other, lead.suggestion) == {"material"}


def test_return_papers_go_to_the_unit_and_to_whoever_decides(world, var_dir):
    lead, _ = lead_and_helper(world)
    attach(lead.suggestion, Purpose.RETURN, world.water.liaison)
    assert seen(world.water.head, lead.suggestion) == {"return"}
    assert seen(world.gov, lead.suggestion) == {"return"}
    assert seen(world.transport.liaison, lead.suggestion) == set()
