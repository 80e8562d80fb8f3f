"""代表自己的页：我的建议、办理经过、答复、一屏一问的评价、未联系过我。"""
import re

import pytest
from django.urls import reverse

from handlers.models import Activity, ActivityDeputy, Assignment, Delivery, Evaluation
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import Forbidden, NotAllowed
from lianluo.web import drafts
from lianluo.workdays import clock
from suggestions.models import CoSigner, Suggestion
from tests.handlers import cases, replied
from tests.handlers.replied import OPINION, RATED, TODAY, delivery, dislike, rate
from tests.handlers.taps import Phone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


@pytest.fixture
def phone(world, client):
    """领衔代表的手机，已登录。"""
    client.force_login(world.lead_deputy.account)
    return lambda path: Phone(client, path)


# ── 我的建议 ──
def test_home_puts_what_awaits_rating_first(world, phone):
    old = replied.replied(world)
    cases.registered(world, number=900, title="关于山塘清淤的建议", submitted_on=TODAY)
    text = phone("/my/").text
    assert text.index("湘江支流") < text.index("山塘清淤")
    assert "待您评价" in text and "湖南省水利厅已答复，待您评价" in text
    rate(delivery(old))
    text = phone("/my/").text
    assert text.index("山塘清淤") < text.index("湘江支流") and "您已评价：满意" in text


def test_home_puts_what_is_sent_back_first_too(world, phone):
    sent_back = cases.registered(world, title="关于退回的建议", submitted_on=TODAY - replied.DAY)
    Suggestion.objects.filter(pk=sent_back.pk).update(status="returned", decision_note="写明地点")
    cases.registered(world, number=900, title="关于山塘清淤的建议", submitted_on=TODAY)
    text = phone("/my/").text
    assert text.index("关于退回") < text.index("写一件新建议") < text.index("山塘清淤")
    assert "待您修改" in text and "修改后再提交" in text


def test_the_main_button_is_the_evaluation_while_one_is_due(world, phone):
    reply = replied.replied(world)
    links = {text: href for href, text in phone("/my/").page.links}
    assert links["看答复，填办理意见表"] == reverse("deputy:reply", args=[reply.pk]) and "看办到哪一步" not in links
    links = {text: href for href, text in phone(links["看答复，填办理意见表"]).page.links}
    assert links["填办理意见表"] == reverse("deputy:rate", args=[delivery(reply).pk])


def test_an_unreturned_form_is_said_plainly(world, phone):
    reply = replied.replied(world)
    Assignment.objects.filter(pk=reply.assignment_id).update(status="concluded")
    assert "反馈期已过，没有收到您的评价" in phone("/my/").text


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda world: cases.registered(world), "已立案，正在确定由哪个单位办理"),
        (lambda world: cases.assigned(world, today=TODAY), "已交湖南省水利厅，等它签收"),
        (lambda world: cases.accepted(world, today=TODAY), "湖南省水利厅正在办理，"),
        (lambda world: dislike(delivery(replied.replied(world))), "湖南省水利厅正在再次办理，"),
        (lambda world: replied.twice_disliked(world), "人大办事机构正在组织单位和专家评估"),
    ],
    ids=["登记", "交办", "办理", "再办理", "协调评估"],
)
def test_one_plain_sentence_says_where_it_is(world, phone, make, sentence):
    make(world)
    assert sentence in phone("/my/").text


def test_an_overdue_unit_is_not_glossed_over(world, phone):
    _, row = cases.accepted(world)
    Assignment.objects.filter(pk=row.pk).update(due_on=TODAY - 3 * replied.DAY)
    assert "已过期 3 天" in phone("/my/").text


def test_home_offers_writing_drafts_and_invitations(world, phone):
    other = cases.registered(world, lead_deputy=world.other_deputy)
    Suggestion.objects.filter(pk=other.pk).update(status="cosigning")
    CoSigner.objects.create(suggestion=other, deputy=world.lead_deputy, position=1)
    Suggestion.objects.create(
        congress=world.congress, session=world.session, title="草稿一件", body="", lead_deputy=world.lead_deputy,
        delegation=world.changsha, made_by=world.lead_deputy.account,
    )
    page = phone("/my/")
    links = {text.split()[0]: href for href, text in page.page.links if text}
    assert links["写一件新建议"] == reverse("suggestions:my_new")
    assert links["联名邀请"] == reverse("suggestions:cosign_list")
    assert "没有提交的 1 件" in page.text and "tel:" in page.text
    drafts.save(world.lead_deputy.account, "my:new", {"title": "写到一半"}, now=clock.now(), url="/my/new/")
    assert "没有提交的 2 件" in phone("/my/").text


def test_home_needs_few_queries_for_a_full_page(world, client, django_assert_max_num_queries):
    for number in range(1, 9):
        cases.assigned(world, number=number, today=TODAY)
    client.force_login(world.lead_deputy.account)
    client.get("/my/")
    with django_assert_max_num_queries(15):
        client.get("/my/")


@pytest.mark.parametrize("who", ["clerk", "stranger"])
def test_the_pages_belong_to_deputies(world, client, who):
    client.force_login(getattr(world, who))
    assert client.get("/my/").status_code == 403
    client.logout()
    assert client.get("/my/").status_code == 302


# ── 办理经过 ──
def test_the_journey_is_newest_first_in_plain_words(world, phone):
    reply = replied.replied(world)
    text = phone(f"/my/{reply.assignment.suggestion_id}/").text
    steps = [
        "待您评价", "湖南省水利厅已答复", "上门走访过您", "湖南省水利厅已签收", "已交湖南省水利厅办理", "已立案，编号",
        "已提交",
    ]
    body = text[text.index("办理经过"):]
    places = [body.index(step) for step in steps]
    assert places == sorted(places)
    assert text.count('class="is-future"') == 2 and text.count('class="is-now"') == 1


def test_future_steps_carry_the_expected_date(world, phone):
    suggestion, row = cases.accepted(world, today=TODAY)
    text = phone(f"/my/{suggestion.pk}/").text
    future = text[: text.index('class="is-now"')]
    day = row.due_on
    assert "湖南省水利厅答复" in future and f"{day.year}年{day.month}月{day.day}日前" in future


def test_the_second_round_and_the_settlement_are_in_the_journey(world, phone):
    case, second = replied.twice_disliked(world)
    text = phone(f"/my/{case.pk}/").text
    for words in ("启动再办理", "再次答复", "您已评价：不满意", "转协调评估", "评估后提出处理意见"):
        assert words in text


def test_after_the_settlement_the_words_change_too(world, phone):
    from handlers.actions import rehandling

    case, _ = replied.twice_disliked(world)
    rehandling.settle_escalation(case, again=False, note="当面作了说明", actor=world.clerk, today=TODAY)
    text = phone(f"/my/{case.pk}/").text
    assert "协调评估后作了专门说明" in text and "当面作了说明" in text and "评估后提出处理意见" not in text


def test_a_cosigner_sees_it_and_a_stranger_does_not(world, client):
    reply = replied.replied(world, cosigners=[world.cosigner])
    url = f"/my/{reply.assignment.suggestion_id}/"
    client.force_login(world.cosigner.account)
    assert "您联名" in client.get(url).content.decode()
    client.force_login(world.other_deputy.account)
    assert client.get(url).status_code == 404


def test_the_case_page_names_whom_to_call(world, phone):
    reply = replied.replied(world)
    text = phone(f"/my/{reply.assignment.suggestion_id}/").text
    assert "省水利厅科员" in text and 'href="tel:0731-82210001"' in text and 'href="tel:0731-82210000"' in text


def test_the_lead_can_withdraw_until_it_is_handed_over(world, phone, client):
    case = cases.registered(world)
    CoSigner.objects.create(suggestion=case, deputy=world.cosigner, position=1, confirmed_hash="x")
    link = reverse("suggestions:withdraw", args=[case.pk])
    handed, _ = cases.assigned(world, number=2)
    assert link in client.get(f"/my/{case.pk}/").content.decode()
    assert "撤回" not in phone(f"/my/{handed.pk}/").text
    client.force_login(world.cosigner.account)
    assert link not in client.get(f"/my/{case.pk}/").content.decode()


def test_a_draft_opens_where_it_is_written(world, client):
    draft = Suggestion.objects.create(
        congress=world.congress, session=world.session, title="草稿", body="", lead_deputy=world.lead_deputy,
        delegation=world.changsha, made_by=world.lead_deputy.account,
    )
    client.force_login(world.lead_deputy.account)
    assert client.get(f"/my/{draft.pk}/").url == reverse("suggestions:my_edit", args=[draft.pk])


def test_promises_and_whether_they_are_kept_are_shown(world, phone):
    from supervision.actions import progress
    from supervision.models import LedgerEntry

    reply = replied.promised(world)
    entry = LedgerEntry.objects.get(kind="promise")
    progress.add_progress(
        entry, text="已完成一段", figure="3/10 公里", happened_on=TODAY, actor=world.water.officer, today=TODAY
    )
    text = phone(f"/my/{reply.assignment.suggestion_id}/").text
    assert "清淤十公里" in text and "正在落实" in text and "3/10 公里" in text
    LedgerEntry.objects.filter(pk=entry.pk).update(status="signed_off", signed_off_on=TODAY)
    assert "已兑现" in phone(f"/my/{reply.assignment.suggestion_id}/").text


# ── 答复 ──
def test_the_letter_is_addressed_to_the_reader_and_reading_is_noted(world, client):
    reply = replied.replied(world, cosigners=[world.cosigner])
    client.force_login(world.cosigner.account)
    text = client.get(f"/my/replies/{reply.pk}/").content.decode()
    assert "贺景代表：" in text and "黄岳若代表（联名" not in text
    read = {row.deputy.name: row.read_at is not None for row in reply.deliveries.select_related("deputy")}
    assert read == {"黄岳若": False, "贺景": True}
    client.force_login(world.other_deputy.account)
    assert client.get(f"/my/replies/{reply.pk}/").status_code == 404


# ── 一屏一问 ──
def test_satisfied_takes_four_taps_from_the_first_question(world, phone):
    row = delivery(replied.replied(world))
    page = phone(f"/my/rate/{row.pk}/")
    assert page.heading == "湖南省水利厅办理这件建议的态度，您满意吗" and "第 1 题，共 3 题" in page.text
    page.rate("satisfied", "basically")
    assert "第 3 题，共 3 题" in page.text and not Evaluation.objects.exists()
    page.tap("满意")
    assert page.heading == "核对评价" and not Evaluation.objects.exists()
    page.tap("提交，可以公开")
    assert page.heading == "评价已收到" and page.taps == 4
    evaluation = Evaluation.objects.get()
    assert (evaluation.attitude, evaluation.outcome, evaluation.overall) == ("satisfied", "basically", "satisfied")
    assert evaluation.agrees_to_publish is True and evaluation.receipt_number in page.text


def test_dissatisfied_takes_six_taps_and_says_what_happens_next(world, phone):
    row = delivery(replied.replied(world))
    page = phone(f"/my/rate/{row.pk}/").rate("basically", "dissatisfied", "dissatisfied")
    assert page.heading == "哪里不满意"
    page.tap("下一步：核对", reasons=["not_done"])
    assert page.heading == "核对评价" and "没有落实" in page.text and "再次办理" in page.text
    page.tap("提交，不要公开")
    assert page.taps == 6 and "已启动再次办理" in page.text
    due = Assignment.objects.get().due_on
    assert f"湖南省水利厅须在{due.year}年{due.month}月{due.day}日前重新答复" in page.text
    assert Evaluation.objects.get().reasons == ["not_done"]


def test_dissatisfied_without_any_reason_stays_on_the_question(world, phone):
    row = delivery(replied.replied(world))
    page = phone(f"/my/rate/{row.pk}/").rate("satisfied", "satisfied", "dissatisfied").tap("下一步：核对")
    assert page.status == 422 and "点一项，或者写下哪里不满意" in page.text and page.heading == "哪里不满意"
    page.tap("下一步：核对", reasons=["other"])
    assert page.status == 422 and "写下哪里不满意" in page.text
    page.tap("下一步：核对", reasons=["other"], opinion=OPINION)
    assert page.heading == "核对评价" and OPINION in page.text


def test_nothing_is_preselected_anywhere(world, phone):
    row = delivery(replied.replied(world))
    page = phone(f"/my/rate/{row.pk}/")
    seen = [page.text]
    for label in ("满意", "不满意", "不满意"):
        page.tap(label)
        seen.append(page.text)
    for text in seen:
        assert not re.search(r"<input[^>]*\schecked|<option[^>]*\sselected|aria-pressed|aria-checked", text)
        main = text[text.index("<main"): text.index("</main>")]
        assert 'type="radio"' not in main
    labels = [button["text"] for button in phone(f"/my/rate/{row.pk}/").page.forms[-2]["buttons"]]
    assert labels == ["满意", "基本满意", "不满意"]  # 三个一样大的按钮，次序固定


def test_every_answer_can_be_changed_on_the_check_page(world, phone):
    row = delivery(replied.replied(world))
    page = phone(f"/my/rate/{row.pk}/").rate("satisfied", "satisfied", "satisfied")
    page.tap("修改办理结果")
    assert "第 2 题" in page.text and "先前选的：满意" in page.text
    page.tap("基本满意")
    assert page.heading == "核对评价"
    page.tap("填写具体意见").tap("下一步：核对", opinion="还要加快")
    page.tap("提交，可以公开")
    evaluation = Evaluation.objects.get()
    assert (evaluation.attitude, evaluation.outcome, evaluation.opinion) == ("satisfied", "basically", "还要加快")


def test_going_back_one_question_keeps_the_others(world, phone):
    row = delivery(replied.replied(world))
    page = phone(f"/my/rate/{row.pk}/").rate("dissatisfied", "satisfied").tap("上一题")
    assert "第 2 题" in page.text
    page.tap("不满意")
    assert "第 3 题" in page.text
    page.tap("满意").tap("提交，可以公开")
    assert (Evaluation.objects.get().attitude, Evaluation.objects.get().outcome) == ("dissatisfied", "dissatisfied")


def test_a_changed_mind_drops_the_reasons(world, phone):
    row = delivery(replied.replied(world))
    page = phone(f"/my/rate/{row.pk}/").rate("satisfied", "satisfied", "dissatisfied")
    page.tap("下一步：核对", reasons=["not_done"]).tap("修改总体评价").tap("满意")
    page.tap("提交，可以公开")
    assert Evaluation.objects.get().reasons == [] and Assignment.objects.get().round == 1


def test_a_cosigner_is_told_the_rating_is_listed_apart(world, client):
    reply = replied.replied(world, cosigners=[world.cosigner])
    client.force_login(world.cosigner.account)
    page = Phone(client, f"/my/rate/{delivery(reply, world.cosigner).pk}/").rate("satisfied", "satisfied")
    assert "您是联名代表，您的评价另列" in page.text
    page.tap("不满意").tap("下一步：核对", reasons=["off_point"])
    assert "再次办理" not in page.text.replace("单位据此再次办理", "")
    page.tap("提交，可以公开")
    assert "您的评价另列" in page.text and Assignment.objects.get().round == 1


def test_tampered_answers_lead_back_to_the_question(world, client):
    row = delivery(replied.replied(world))
    client.force_login(world.lead_deputy.account)
    url = f"/my/rate/{row.pk}/"
    page = client.post(url, {"attitude": "best", "outcome": "satisfied", "overall": "satisfied", "do": "submit-yes"})
    assert "第 1 题" in page.content.decode() and not Evaluation.objects.exists()
    page = client.post(url, {"attitude": "satisfied", "outcome": "satisfied", "overall": "dissatisfied",
                             "do": "submit-yes"})
    assert not Evaluation.objects.exists() and page.status_code == 422


def test_another_deputys_form_is_not_found(world, client):
    row = delivery(replied.replied(world))
    for deputy in (world.other_deputy, world.cosigner):
        client.force_login(deputy.account)
        for url in (f"/my/rate/{row.pk}/", f"/my/rate/{row.pk}/receipt/"):
            assert client.get(url).status_code == 404
        assert client.post(f"/my/rate/{row.pk}/", {"attitude": "satisfied"}).status_code == 404


def test_after_submission_the_form_shows_the_receipt_only(world, client):
    row = delivery(replied.replied(world))
    rate(row)
    client.force_login(world.lead_deputy.account)
    assert client.get(f"/my/rate/{row.pk}/").url == f"/my/rate/{row.pk}/receipt/"
    data = {"attitude": "dissatisfied", "outcome": "dissatisfied", "overall": "dissatisfied", "opinion": "改主意了",
            "do": "submit-yes"}
    client.post(f"/my/rate/{row.pk}/", data)
    assert Evaluation.objects.get().overall == "satisfied"


def test_a_case_in_its_next_round_says_wait(world, client):
    reply = replied.replied(world, cosigners=[world.cosigner])
    dislike(delivery(reply))
    client.force_login(world.cosigner.account)
    page = client.get(f"/my/rate/{delivery(reply, world.cosigner).pk}/")
    assert page.status_code == 409 and "等新的答复送达后再评价" in page.content.decode()


def test_pressure_can_be_reported_after_the_receipt(world, phone):
    row = delivery(replied.replied(world))
    rate(row)
    page = phone(f"/my/rate/{row.pk}/receipt/").tap("告诉人大办事机构", note="处长打电话要我填满意")
    assert "已收到，会与您联系" in page.text
    assert Evaluation.objects.get().pressure_note == "处长打电话要我填满意"
    assert Notice.objects.filter(kind="evaluation.pressure_reported", recipient=world.clerk).exists()


# ── 未联系过我 ──
def test_a_contact_that_never_happened_can_be_denied_and_the_office_hears(world, phone):
    reply = replied.replied(world)
    case = reply.assignment.suggestion_id
    page = phone(f"/my/{case}/").follow("未联系过我").tap("标明没有联系过我", note="那天我在外地")
    assert "已告诉人大办事机构" in page.text and "您标明没有这次联系" in page.text
    assert ActivityDeputy.objects.get().denied_at is not None
    event = AuditEvent.objects.get(event="activity.denied")
    assert (event.reason, event.chain) == ("那天我在外地", f"suggestion:{case}")
    told = Notice.objects.get(kind="activity.denied", recipient=world.clerk)
    assert "黄岳若" in told.subject and "那天我在外地" in told.body
    page.tap("标错了，改回来")
    assert ActivityDeputy.objects.get().denied_at is None


def test_only_the_deputy_concerned_can_deny(world, client):
    from handlers.actions import denying

    replied.replied(world)
    row = ActivityDeputy.objects.get()
    client.force_login(world.other_deputy.account)
    assert client.post(f"/my/contacts/{row.pk}/deny/", {}).status_code == 404
    for user in (world.water.liaison, world.clerk, None):
        with pytest.raises(Forbidden):
            denying.deny_activity(row, actor=user, today=RATED)
    denying.deny_activity(row, actor=world.lead_deputy.account, today=RATED)
    with pytest.raises(NotAllowed, match="已经标过"):
        denying.deny_activity(row, actor=world.lead_deputy.account, today=RATED)
    assert Activity.objects.count() == 1 and Delivery.objects.count() == 1
