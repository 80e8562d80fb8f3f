"""拼音与最接近的名字。"""
import pytest

from lianluo.text import nearest, pinyin_of

UNITS = [
    "湖南省发展和改革委员会", "湖南省水利厅", "湖南省交通运输厅", "湖南省住房和城乡建设厅", "省发展改革委",
    "省水利厅", "省交通运输厅",
    "省教育厅", "省公安厅", "省卫生健康委", "长沙市人民政府", "株洲市人民政府",
]


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("罗知湘", ("luozhixiang", "lzx")), ("曾怀", ("zenghuai", "zh")), ("单鹏", ("shanpeng", "sp")),
        ("尉迟恭", ("yuchigong", "ycg")), ("阿卜杜拉·买买提", ("abodulamaimaiti", "abdlmmt")), ("吕绿", ("lvlv", "ll")),
        ("张 三", ("zhangsan", "zs")), ("𠮷野", ("𠮷ye", "𠮷y")), ("ABC", ("abc", "a")), ("单", ("dan", "d")),
        ("", ("", "")),
    ],
)
def test_pinyin_reads_surnames_as_surnames(name, pinyin):
    assert pinyin_of(name) == pinyin


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("省水利庁", "省水利厅"), ("省水力厅", "省水利厅"), ("湖南省水利", "湖南省水利厅"),
        ("省发改委", "省发展改革委"), ("省卫健委", "省卫生健康委"),
        ("省交通厅", "省交通运输厅"), ("省水利廳", "省水利厅"), ("省 水利厅", "省水利厅"),
        ("长沙市政府", "长沙市人民政府"),
    ],
)
def test_the_nearest_unit_is_suggested(written, meant):
    assert nearest(written, UNITS) == meant


@pytest.mark.parametrize("written", ["", "国家税务总局", "市教委", "省", "省XX厅", "中国石化集团"])
def test_nothing_is_suggested_when_nothing_is_near(written):
    assert nearest(written, UNITS) is None


def test_two_equally_near_are_none():
    assert nearest("张山", ["张三山", "张山水"]) is None
    assert nearest("罗之湘", ["罗知湘", "罗芝兰"]) == "罗知湘"
    assert nearest("谁", []) is None
