"""折算：同名的不同写法当作一样。"""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianluo.text import fold


@pytest.mark.parametrize(
    "name",
    [
        "阿卜杜拉·买买提", "阿卜杜拉・买买提", "阿卜杜拉•买买提",
        "阿卜杜拉‧买买提",
        "阿卜杜拉．买买提", "阿卜杜拉.买买提",
    ],
)
def test_the_six_interpuncts_are_one(name):
    assert fold(name) == "阿卜杜拉·买买提"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ　１２３", "abc 123"), ("张 三", "张三"), ("张\u3000三", "张三"), ("扎西 多吉", "扎西多吉"),
        (" A  B ", "a b"),
        ("\u200b张\ufeff三\u202e", "张三"), ("你", "你"), ("2026.3.31", "2026.3.31"), ("省水利厅.", "省水利厅."),
        ("（试行）", "(试行)"), ("阿卜杜拉 · 买买提", "阿卜杜拉·买买提"), ("𠮷 野", "𠮷野"), ("١٢", "١٢"), ("", ""),
    ],
)
def test_width_case_spaces_and_invisible_characters(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
