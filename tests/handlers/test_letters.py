"""答复函：一处成文；由值成文的部分不碰数据库。"""
from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from handlers import comparing, letters, privacy
from handlers.actions.replying import submit_reply
from handlers.document_numbers import prefix_of, take_number
from handlers.letter_facts import Answer, LetterFacts, Pledge, Recipient
from handlers.models import Unit
from lianluo.congresses.models import Session
from suggestions.actions.grouping import merge_suggestions
from suggestions.models import Deputy, Suggestion
from tests.handlers.handling import (
    adopted,
    allotted,
    answered,
    contacted,
    drafted,
    handed_to,
    lead_and_helper,
    opined,
    ready,
    registered,
    signed,
    submitted,
)

SESSION = Session(name="湖南省第十四届人民代表大会第四次会议", code="14-4")
CASE = Suggestion(pk=1, session=SESSION, number=486, title="关于加强湘江支流治理的建议")
LEAD = Recipient(Deputy(pk=1, name="黄岳若"), CASE, True)
JOINT = Recipient(Deputy(pk=2, name="王䶮"), CASE, False)
FACTS = LetterFacts(
    unit_name="湖南省水利厅", result_class="B", publication="full", number="湘水建〔2026〕12号", round=1,
    previous_number="", consulted=("湖南省交通运输厅",), opening="",
    answers=(
        Answer(1, "建立生态补偿机制。", "全部采纳", "已列入计划。\n\n  今年起实施。"),
        Answer(2, "增加资金", "部分采纳", "已增加。"),
    ),
    assist_note="省交通运输厅意见全部采纳。", pledges=(Pledge("出台补偿办法。", date(2026, 12, 31), "规划处 李工"),),
    explanation="", closing="", signed_on=date(2026, 5, 4), contact_name="李工", contact_phone="0731-82210001",
    copied_to=("省人大常委会联工委", "长沙市人大常委会代表工作机构"),
)


def test_the_whole_letter_word_for_word():
    assert letters.write(FACTS, [LEAD, JOINT]).lines() == [
        "B 类", "同意公开", "湘水建〔2026〕12号",
        "对湖南省第十四届人民代表大会第四次会议第0486号建议的答复", "黄岳若代表（联名：王䶮）：",
        "您提出的《关于加强湘江支流治理的建议》（第0486号）收悉。经商湖南省交通运输厅研究，现答复如下：",
        "一、关于您提出的第1条“建立生态补偿机制”", "采纳情况：全部采纳。", "已列入计划。", "今年起实施。",
        "二、关于您提出的第2条“增加资金”", "采纳情况：部分采纳。", "已增加。",
        "三、会办意见采纳情况", "省交通运输厅意见全部采纳。",
        "四、下一步计划和完成时限", "1. 出台补偿办法，2026年12月31日前完成，由规划处 李工负责。",
        "感谢您对我们工作的关心和支持。", "附件：代表建议办理意见表", "湖南省水利厅", "2026年5月4日",
        "（联系人：李工，联系电话：0731-82210001）", "抄送：省人大常委会联工委，长沙市人大常委会代表工作机构。",
    ]


def test_the_characters_of_official_numbers_and_dates_survive():
    """湖南公开页上掉过〕号和年月日。"""
    text = letters.write(FACTS, [LEAD]).text()
    assert "湘水建〔2026〕12号" in text and "2026年5月4日" in text and "王䶮" not in text


@pytest.mark.parametrize(("series", "kind", "round", "title"), [
    ("session", "suggestion", 1, "对湖南省第十四届人民代表大会第四次会议第0486号建议的答复"),
    ("session", "criticism", 1, "对湖南省第十四届人民代表大会第四次会议第0486号批评的答复"),
    ("session", "suggestion", 2, "对湖南省第十四届人民代表大会第四次会议第0486号建议的再次答复"),
    ("between", "suggestion", 1, "对湖南省第十四届人民代表大会第四次会议闭会期间第0486号建议的答复"),
])
def test_titles(series, kind, round, title):
    case = Suggestion(session=SESSION, number=486, series=series, kind=kind)
    assert letters.title_for(case, round) == title


def test_a_second_answer_cites_the_first():
    letter = letters.write(replace(FACTS, round=2, previous_number="湘水建〔2026〕3号"), [LEAD])
    assert letter.opening.endswith("经商湖南省交通运输厅研究，现再次答复如下：")
    assert "我单位已于湘水建〔2026〕3号函答复" in letter.opening


def test_class_c_explains_and_has_no_promises():
    letter = letters.write(replace(FACTS, result_class="C", pledges=(), explanation="财力有限。"), [LEAD])
    assert [part.heading for part in letter.sections][-1] == "四、暂不能解决的原因"


def test_one_request_or_none_reads_naturally():
    one = letters.write(replace(FACTS, answers=(FACTS.answers[0],)), [LEAD])
    assert one.sections[0].heading == "一、关于“建立生态补偿机制”"
    whole = letters.write(replace(FACTS, answers=(Answer(0, "", "", "已办理。"),)), [LEAD])
    assert whole.sections[0].heading == "一、办理情况"


def test_writing_from_values_touches_no_database(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        letters.write(FACTS, [LEAD, JOINT]).digest()


# ── 比对 ──
def test_the_diff_is_by_sentence_and_keeps_paragraphs():
    old = "标题\n第一句。第二句。\n没改的一段。"
    new = "标题\n第一句。改过的第二句。\n没改的一段。\n新的一段。"
    blocks = comparing.compare(old, new)
    assert [block.changed for block in blocks] == [False, True, False, True]
    pieces = [(piece.kind, piece.text) for piece in blocks[1].paragraphs[0].pieces]
    assert pieces == [("same", "第一句。"), ("removed", "第二句。"), ("added", "改过的第二句。")]


@pytest.mark.parametrize("text", ["", "没有句号的话", "“引号里的话。”外面的话！\n\n空行"])
def test_the_same_text_has_no_difference_and_loses_nothing(text):
    assert not any(block.changed for block in comparing.compare(text, text))
    assert "".join(comparing.sentences(text)) == text


def test_everything_can_be_rebuilt_from_the_diff():
    old, new = "甲。乙。\n丙。", "甲。丁。\n丙。戊"
    pieces = [piece for block in comparing.compare(old, new) for row in block.paragraphs for piece in row.pieces]
    assert "".join(one.text for one in pieces if one.kind != "added") == old.replace("\n", "")
    assert "".join(one.text for one in pieces if one.kind != "removed") == new.replace("\n", "")


# ── 脱敏 ──
@pytest.mark.parametrize(("text", "kind"), [
    ("身份证 430102197001011234", "身份证号"), ("电话13873101402", "手机号"), ("138-7310-1402", "手机号"),
    ("打 0731-84441402 找他", "座机号"), ("写信到 li.gong@hunan.cn", "电子邮箱"),
    ("卡号 6222021234567890123", "银行卡号"),
])
def test_private_things_are_found_and_block(text, kind):
    found = privacy.findings(text)
    assert [one.kind for one in found] == [kind] and privacy.blocking(found)


def test_an_id_number_is_not_also_called_a_phone():
    assert [one.kind for one in privacy.findings("430102197001011234")] == ["身份证号"]


@pytest.mark.parametrize("text", [
    "投资 1176 亿元，受益 542 万人", "湘水建〔2026〕12号", "2026年5月4日", "全长 138 公里，编号 0486",
])
def test_ordinary_numbers_are_left_alone(text):
    assert privacy.findings(text) == []


def test_the_units_own_phone_is_allowed_and_the_deputys_own_is_not():
    assert privacy.findings("联系电话：0731-82210001", allowed=["0731-82210001"]) == []
    assert privacy.blocking(privacy.findings("证号 HN140001", private=["HN140001"]))


def test_an_address_is_shown_but_does_not_block():
    found = privacy.findings("位于韶山北路1号的泵站")
    assert [one.kind for one in found] == ["像住址的文字"] and not privacy.blocking(found)


# ── 文号 ──
@pytest.mark.parametrize(("short", "prefix", "expected"), [
    ("省财政厅", "湘财建", "湘财建"), ("省农业农村厅", "", "湘农业农村建"), ("省发展改革委", "", "湘发展改革建"),
    ("长沙市", "", "湘长沙市建"), ("省政府办公厅", "", "湘政府建"),
])
def test_the_prefix_is_the_units_or_derived(short, prefix, expected):
    assert prefix_of(Unit(short=short, document_prefix=prefix)) == expected


@pytest.mark.django_db
def test_numbers_run_by_unit_and_year(world):
    water, transport = world.water.unit, world.transport.unit
    taken = [take_number(water, 2026), take_number(transport, 2026), take_number(water, 2026), take_number(water, 2027)]
    assert taken == ["湘水建〔2026〕1号", "湘交建〔2026〕1号", "湘水建〔2026〕2号", "湘水建〔2027〕1号"]


# ── 从库里成文 ──
@pytest.mark.django_db
def test_each_deputy_of_every_merged_case_gets_a_letter_of_his_own(world):
    assignment = handed_to(world, cosigners=[world.cosigner])
    child = registered(world, title="关于支流治理的另一件", lead_deputy=world.other_deputy)
    merge_suggestions(child, into=assignment.suggestion, reason="内容相近", actor=world.clerk, today=date(2026, 2, 1))
    assignment = allotted(assignment, world.water)
    contacted(assignment, world.water)
    reply = drafted(assignment, world.water)
    child.refresh_from_db()
    assert letters.compose(reply).addressee == "黄岳若代表（联名：贺景）："
    assert letters.compose(reply, world.cosigner).addressee == "贺景代表："
    letter = letters.compose(reply, world.other_deputy, child)
    assert letter.addressee == "刘岚代表：" and child.shown_number in letter.title and child.title in letter.opening
    with pytest.raises(ValueError, match="不是这份答复要送的代表"):
        letters.compose(reply, world.rare_deputy)


@pytest.mark.django_db
def test_default_copies_by_kind_of_unit(world, settings):
    lead, _ = lead_and_helper(world)
    assert letters.default_copies(lead) == [
        settings.ORGAN_NAME, "省人民政府办公厅", "长沙市人大常委会代表工作机构", "湖南省交通运输厅",
    ]
    type(lead.unit).objects.filter(pk=lead.unit_id).update(kind="party")
    lead.unit.refresh_from_db()
    assert "省人民政府办公厅" not in letters.default_copies(lead)


@pytest.mark.django_db
def test_a_helper_who_leaves_after_submission_does_not_change_the_letter(world):
    lead, helper = lead_and_helper(world)
    adopted(opined(helper, world.transport), world.water.officer)
    contacted(lead, world.water)
    draft = drafted(lead, world.water, assist_note="全部采纳。")
    reply = submit_reply(draft, actor=world.water.officer, today=lead.due_on)
    before = letters.compose(reply).text()
    type(helper).objects.filter(pk=helper.pk).update(unit_name="改了名的厅")
    reply.refresh_from_db()
    assert letters.compose(reply).text() == before


@pytest.mark.django_db
def test_the_public_letter_hides_what_must_be_hidden(world):
    reply = answered(world, hides_identity=True)
    public = letters.public_letter(reply)
    assert world.lead_deputy.name not in public.text() and public.enclosure == ""
    assert world.lead_deputy.name in letters.compose(reply).text()
    reply.published_as, reply.summary = "summary", "支流治理资金已经下达。"
    short = letters.public_letter(reply).text()
    assert "支流治理资金已经下达。" in short and "第1条已经办理" not in short


@pytest.mark.django_db
def test_printing_gives_every_deputy_a_page_and_keeps_the_number(world, client):
    reply = signed(submitted(world, cosigners=[world.cosigner]))
    client.force_login(world.water.liaison)
    page = client.get(reverse("handlers:reply_print", args=[reply.pk])).content.decode()
    assert page.count("paper-title") == 2 and "贺景代表：" in page and reply.document_number in page
    one = reply.deliveries.get(deputy=world.cosigner)
    page = client.get(f"{reverse('handlers:reply_print', args=[reply.pk])}?delivery={one.pk}").content.decode()
    assert page.count("paper-title") == 1


@pytest.mark.django_db
def test_a_draft_prints_without_a_number(world, client):
    reply = ready(world)
    client.force_login(world.water.officer)
    page = client.get(reverse("handlers:reply_print", args=[reply.pk])).content.decode()
    assert "paper-number" not in page
