"""人名与机构名：拼音和最接近的一个。"""
from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from .folding import fold

CLOSE_ENOUGH = 0.6  # 低于此数就不推荐
# 作姓时另有读音的字；两字的是复姓
_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "朴": "piao", "查": "zha", "区": "ou", "缪": "miao",
    "翟": "zhai", "盖": "ge", "任": "ren", "华": "hua", "纪": "ji", "种": "chong", "覃": "qin", "繁": "po",
    "员": "yun", "秘": "bi", "折": "she", "召": "shao", "黑": "he", "洗": "xian", "冼": "xian", "宓": "mi",
    "晟": "cheng", "褚": "chu", "逄": "pang", "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun",
    "澹台": "tan tai", "令狐": "ling hu",
}


@lru_cache(maxsize=65_536)
def pinyin_of(name: str) -> tuple[str, str]:
    """（全拼，首字母）：罗知湘 → ("luozhixiang", "lzx")。作姓时的读音优先；没有读音的字照写。"""
    syllables = _syllables(fold(name).replace("·", "").replace(" ", ""))
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def _syllables(name: str) -> list[str]:
    for length in (2, 1):
        surname = name[:length]
        if len(name) > length and surname in _SURNAMES:
            return [*_SURNAMES[surname].split(), *_read(name[length:])]
    return _read(name)


def _read(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # 词典占五十兆内存，登记代表、单位时才用得着

    return [syllable for syllable in lazy_pinyin(text, style=Style.NORMAL) if syllable]


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """最接近的一个，供「最接近：省水利厅」提示；都不够近、或有两个一样近时是 None。"""
    wanted = fold(name)
    if not wanted:
        return None
    scored = sorted(((closeness(wanted, fold(other)), other) for other in dict.fromkeys(candidates)), reverse=True)
    if not scored or scored[0][0] < CLOSE_ENOUGH:
        return None
    if len(scored) > 1 and scored[0][0] == scored[1][0]:
        return None
    return scored[0][1]


def closeness(one: str, other: str) -> float:
    """0–1：相等 1；同音 0.95；按编辑距离；简称嵌在全称里的（省发改委、湖南省发展和改革委员会）至少 0.7。"""
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if not set(one) & set(other) and pinyin_of(one)[1] != pinyin_of(other)[1]:
        return 0.0
    if len(one) == len(other) > 1 and pinyin_of(one)[0] == pinyin_of(other)[0]:
        return 0.95
    score = 1 - distance(one, other) / len(longer)
    if 3 <= len(shorter) < len(longer) and _is_abbreviation(shorter, longer):
        score = max(score, 0.7 + 0.2 * len(shorter) / len(longer))
    return score


def _is_abbreviation(short: str, full: str) -> bool:
    """short 的字按次序都在 full 里。"""
    letters = iter(full)
    return all(char in letters for char in short)


def distance(one: str, other: str) -> int:
    """编辑距离：增、删、改一个字各算一步。"""
    previous = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        current = [i]
        for j, right in enumerate(other, 1):
            current.append(min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (left != right)))
        previous = current
    return previous[-1]
