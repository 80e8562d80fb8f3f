"""评价的页：单位提交以后才看得到，办公室催填、代录；纸质扫描件只给办事机构看。"""
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from handlers.actions import evaluating
from handlers.models import Delivery, Evaluation, Reply
from handlers.panels_evaluating import evaluations as panel
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import Forbidden
from tests.handlers import replied
from tests.handlers.replied import HAPPY, RATED, SENT, UNHAPPY, delivery, rate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


# ── 单位看得到什么 ──
def _panel(client, user, case):
    request = RequestFactory().get("/")
    request.user = type(user).objects.get(pk=user.pk)
    return panel(request, case)


def test_a_unit_sees_nothing_before_and_the_opinion_after(world, client):
    reply = replied.replied(world, cosigners=[world.cosigner])
    case = reply.assignment.suggestion
    before = _panel(client, world.water.liaison, case)
    assert before["rounds"] == []
    assert _panel(client, world.clerk, case)["rounds"][0].waiting  # 反证：办公室看得到还欠着
    rate(delivery(reply), opinion="办得好")
    after = _panel(client, world.water.liaison, case)["rounds"]
    assert [one.opinion for one in after[0].leads] == ["办得好"] and not after[0].waiting


def test_another_unit_and_an_assisting_unit_see_no_evaluation(world):
    reply = replied.replied(world)
    rate(delivery(reply))
    assert not Evaluation.objects.visible_to(world.transport.liaison).exists()
    assert not Evaluation.objects.visible_to(world.stranger).exists()
    assert Evaluation.objects.visible_to(world.water.liaison).count() == 1
    assert Evaluation.objects.visible_to(world.lead_deputy.account).count() == 1
    assert not Evaluation.objects.visible_to(world.other_deputy.account).exists()


def test_pressure_is_told_to_the_office_alone(world, client):
    reply = replied.replied(world)
    evaluation = rate(delivery(reply))
    deputy = world.lead_deputy
    evaluating.report_pressure(
        evaluation, note="单位的人要我填满意", deputy=deputy, actor=deputy.account, today=RATED
    )
    told = Notice.objects.filter(kind="evaluation.pressure_reported")
    assert {row.recipient for row in told} == {world.clerk, world.second_clerk}
    chain = AuditEvent.objects.get(event="evaluation.pressure_reported").chain
    assert chain == "system"  # 不在件的留痕里，单位看不到
    client.force_login(world.water.liaison)
    page = client.get(f"{reply.assignment.suggestion.get_absolute_url()}evaluations/").content.decode()
    assert "要我填满意" not in page and "满意" in page
    client.force_login(world.clerk)
    assert "要我填满意" in client.get(f"{reply.assignment.suggestion.get_absolute_url()}evaluations/").content.decode()


def test_pressure_on_another_deputys_form_cannot_be_reported(world):
    evaluation = rate(delivery(replied.replied(world)))
    with pytest.raises(Forbidden):
        evaluating.report_pressure(
            evaluation, note="有人要求", deputy=world.other_deputy, actor=world.other_deputy.account, today=RATED
        )


# ── 办公室的页 ──
def test_the_list_shows_the_awaiting_to_the_office_and_only_results_to_a_unit(world, client):
    reply = replied.replied(world)
    url = reverse("handlers:evaluations")
    client.force_login(world.clerk)
    assert "关于加强湘江支流治理的建议" in client.get(url).content.decode()
    client.force_login(world.water.liaison)
    response = client.get(f"{url}?tab=awaiting")
    assert response.context["tab"] == "returned" and "湘江支流" not in response.content.decode()
    rate(delivery(reply))
    assert "湘江支流" in client.get(url).content.decode()
    client.force_login(world.transport.liaison)
    assert "湘江支流" not in client.get(url).content.decode()


@pytest.mark.parametrize("who", ["stranger", "delegation_staff", "sysadmin"])
def test_the_list_is_closed_to_those_it_does_not_concern(world, client, who):
    client.force_login(getattr(world, who))
    assert client.get(reverse("handlers:evaluations")).status_code == 403


def test_office_buttons_are_closed_to_units_and_deputies(world, client):
    row = delivery(replied.replied(world))
    names = ["evaluation_urge", "proxy", "evaluation_slip"]
    for user in (world.water.liaison, world.gov, world.lead_deputy.account, world.stranger):
        client.force_login(user)
        for name in names:
            assert client.post(reverse(f"handlers:{name}", args=[row.pk])).status_code == 403
    assert delivery(row.reply).urged_times == 0 and not Evaluation.objects.exists()


def test_urging_the_ticked_ones_skips_those_urged_today(world, client):
    first = delivery(replied.replied(world))
    second = delivery(replied.replied(world, title="关于另一条河的建议"))
    client.force_login(world.clerk)
    client.post(reverse("handlers:evaluation_urge", args=[first.pk]))
    client.post(reverse("handlers:evaluation_urge_many"), {"pk": [first.pk, second.pk]})
    assert [one.urged_times for one in Delivery.objects.order_by("pk")] == [1, 1]


def test_urging_from_the_case_page_leads_back_there_and_nowhere_else(world, client):
    row = delivery(replied.replied(world))
    client.force_login(world.clerk)
    url, here = reverse("handlers:evaluation_urge", args=[row.pk]), "/s/14-4/0001/evaluations/"
    assert client.post(url, {"next": here}).url == here
    for outside in ("https://example.com/", "//example.com/"):
        assert client.post(url, {"next": outside}).url == reverse("handlers:evaluations")


def test_a_closed_form_cannot_be_typed(world, client):
    reply = replied.replied(world, cosigners=[world.cosigner])
    replied.dislike(delivery(reply))
    client.force_login(world.clerk)
    response = _proxy_post(client, delivery(reply, world.cosigner), scan=replied.scan(), do="confirm")
    assert response.status_code == 409 and "已进入第 2 轮办理" in response.content.decode()
    assert Evaluation.objects.count() == 1


def _proxy_post(client, row, **more):
    data = {"signed_on": str(SENT), **HAPPY, "agrees_to_publish": "yes", **more}
    return client.post(reverse("handlers:proxy", args=[row.pk]), data)


def test_the_office_types_a_paper_form_with_its_scan(world, client):
    row = delivery(replied.replied(world))
    client.force_login(world.clerk)
    refused = _proxy_post(client, row)
    assert refused.status_code == 422 and "上传代表签名的纸质意见表扫描件" in refused.content.decode()
    check = _proxy_post(client, row, scan=replied.scan(), contact_means=["phone", "visit"], on_point="yes")
    assert check.status_code == 200 and not Evaluation.objects.exists()
    page = check.content.decode()
    assert "电话、走访" in page and "意见表.txt" in page
    done = _proxy_post(client, row, do="confirm", contact_means=["phone", "visit"], on_point="yes")
    evaluation = Evaluation.objects.get()
    assert done.url == reverse("handlers:proxy_done", args=[row.pk])
    assert (evaluation.by_proxy, evaluation.proxy, evaluation.contact_means) == (True, world.clerk, ["phone", "visit"])
    assert evaluation.receipt_number in client.get(done.url).content.decode()


def test_a_dissatisfied_paper_form_needs_words_and_keeps_what_was_typed(world, client):
    row = delivery(replied.replied(world))
    client.force_login(world.clerk)
    refused = _proxy_post(client, row, **UNHAPPY, scan=replied.scan())
    assert refused.status_code == 422 and "填写不满意的具体意见" in refused.content.decode()
    assert "意见表.txt" in refused.content.decode()  # 扫描件已收下，不必再传
    page = _proxy_post(client, row, **UNHAPPY, opinion="没有落实")
    assert page.status_code == 200 and "再办理" in page.content.decode()
    done = _proxy_post(client, row, **UNHAPPY, opinion="没有落实", do="confirm")
    told = client.get(done.url).content.decode()
    assert "单位会先与代表联系" in told and "与您联系" not in told  # 看这一页的是工作人员


def test_a_wrong_file_is_refused_with_a_reason(world, client):
    row = delivery(replied.replied(world))
    client.force_login(world.clerk)
    bad = SimpleUploadedFile("a.exe", b"MZ\x00\x01", content_type="application/x-msdownload")
    response = _proxy_post(client, row, scan=bad)
    assert response.status_code == 422 and response.context["form"].errors["scan"]


def test_the_scan_is_for_the_office_only(world, client):
    row = delivery(replied.replied(world))
    scan = replied.paper(world, row)
    url = reverse("suggestions:attachment", args=[scan.pk])
    client.force_login(world.water.liaison)
    assert client.get(url).status_code == 404
    client.force_login(world.clerk)
    assert client.get(url).status_code == 200


def test_the_reply_of_a_case_stays_readable_by_its_deputy_alone(world, client):
    reply = replied.replied(world)
    assert Reply.objects.visible_to(world.lead_deputy.account).filter(pk=reply.pk).exists()
    assert not Reply.objects.visible_to(world.other_deputy.account).filter(pk=reply.pk).exists()
