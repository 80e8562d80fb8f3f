"""文本：摘要、拆条、清理。纯函数。"""
import pytest

from suggestions.texts import clean_line, clean_requests, clean_text, split_requests, text_hash


def test_the_hash_changes_with_any_part_and_with_the_split_of_requests():
    base = text_hash("标题", "内容", ["一", "二"])
    others = [
        text_hash("标题。", "内容", ["一", "二"]), text_hash("标题", "内容 ", ["一", "二"]),
        text_hash("标题", "内容", ["一二"]), text_hash("标题", "内容", ["二", "一"]),
        text_hash("标题内容", "", ["一", "二"]),
    ]
    assert base not in others
    assert base == text_hash("标题", "内容", ["一", "二"])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("加固大坝\n疏浚溢洪道", ["加固大坝", "疏浚溢洪道"]),
        ("1.加固大坝\n2．疏浚溢洪道", ["加固大坝", "疏浚溢洪道"]),
        ("一、加固大坝，\n资金由省级安排。\n二、疏浚溢洪道", ["加固大坝，\n资金由省级安排。", "疏浚溢洪道"]),
        ("（1）加固大坝\n（2）疏浚溢洪道", ["加固大坝", "疏浚溢洪道"]),
        ("①加固\n②疏浚", ["加固", "疏浚"]),
        ("建议如下：\n1、加固", ["建议如下：", "加固"]),
        ("2018年前完成\n2020年前验收", ["2018年前完成", "2020年前验收"]),
        ("\n \n", []),
    ],
)
def test_requests_are_split_by_their_ordinals_or_by_lines(text, parts):
    assert split_requests(text) == parts


def test_cleaning_keeps_paragraphs_and_drops_what_cannot_be_seen():
    assert clean_text("第一段\r\n\r\n\r\n\r\n第二段 \u200b\n") == "第一段\n\n第二段"
    assert clean_line(" 关于\u202e水库 的\n建议 ") == "关于水库 的 建议"
    assert clean_requests(["1、加固", "", " 　"]) == ["加固"]
