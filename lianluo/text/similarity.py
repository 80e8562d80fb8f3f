"""相近的建议：先放下套话和地名，再比较剩下的字。纯函数，供「可能相近」的提示用，只提示，不替人认定。

标题短，同一件事说法多：把常见的事归成词（topics.py），词和剩下的相邻两字一起算加权的 Dice 系数。
正文长：算四字组的 Jaccard 系数。两处都先去掉套话和地名（decisions：比较总是在去掉套话、地名之后）。
"""
from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from .characters import simplified
from .folding import fold
from .topics import CANONICAL, LONGEST_TOPIC, WEIGHTS

TITLE_THRESHOLD = 0.45  # 在真实标题对上调出来的，见 tests/text/test_similarity.py
BODY_THRESHOLD = 0.4
_GAP = "|"
_GRAM_WEIGHT = 0.3
_GRAMS_AT_MOST = 1.5  # 认出了词的标题，其余的字加起来只占这么多
_NOT_HAN = re.compile("[^一-鿿㐀-䶿0-9a-z]+")
_ABOUT = re.compile("关于|有关|对于")  # 先断开，免得被当成地名的头一个字
_BOILERPLATE = re.compile(
    "建议|提案|议案|意见|批评|进一步|更好|加强|加快|加大|加固|推进|推动|促进|支持|大力|持续|尽快|切实|全面|积极|深入"
    "|不断|解决|改善|完善|优化|建设|建立|健全|发展|问题|工作|请求|上级|党委|政府|帮助|给予|要求|实施|开展|力度|提高|提升"
    "|打造|统筹|着力|强化|规划|高质量|高水平|水平|项目|工程|机制|体系|体制|制度|投入|情况|状况|困难|不足|短缺|纳入|以及"
    "|为此|应当|需要|相关|部门|单位|若干|重要|新时代|国家级|国家|重大|重点|合理|科学|增设|增加|设置|设立|修建|新建|重建"
    "|实现|落实|出台|制定|编制|采取|措施|希望|目前|近年来|我市|我县|我省|我区|我镇|全省|全市|全县|全国|地区|区域|范围|条件"
    "|群众|居民|市民|百姓|存在|方面|关系|服务|综合|安装|启动|的|对|在|将|把|和|与|及|等|为|了|中|至|到|上|下|从|让"
)
_PLACES = re.compile(
    "(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃"
    "|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|川渝|成渝|长沙|株洲|湘潭|衡阳|邵阳|岳阳|常德|张家界|益阳|郴州|永州|怀化|娄底"
    "|湘西)(?:省|市|州|自治区)?|自治区|自治州|自治县|民族乡"
)
# 「某某镇」「某某村」一类；紧跟着的不能是「级、小、医、道」，前面不能是「农、乡、城、社」那种通称
_NAMED = re.compile(
    "[一-鿿]{1,4}(?<![农乡城集])"
    "(?:镇|乡(?!村|镇)|村委会|村(?![级医道落])|街道(?!路)|县(?!城|域)|路(?![口灯段面网])|街|社(?!区|会))"
)


def title_similarity(one: str, other: str) -> float:
    """两个标题 0–1 的相近程度。"""
    return _dice(_title_features(one), _title_features(other))


def is_similar_title(one: str, other: str) -> bool:
    return title_similarity(one, other) >= TITLE_THRESHOLD


def body_similarity(one: str, other: str) -> float:
    """两段正文 0–1 的相近程度：四字组的 Jaccard 系数。"""
    left, right = ngrams(essence(one), 4), ngrams(essence(other), 4)
    return len(left & right) / len(left | right) if left and right else 0.0


def essence(text: str) -> str:
    """去掉套话、地名和标点后的字；断开处是「|」。"""
    plain = _NOT_HAN.sub(_GAP, simplified(fold(text)))
    for pattern in (_ABOUT, _PLACES, _NAMED, _BOILERPLATE):
        plain = pattern.sub(_GAP, plain)
    return re.sub(r"\|+", _GAP, plain).strip(_GAP)


def ngrams(text: str, size: int) -> frozenset[str]:
    """相邻 size 个字，不跨断开处；不够长的一段自成一个。"""
    grams: set[str] = set()
    for part in filter(None, text.split(_GAP)):
        grams.update(part[i : i + size] for i in range(max(1, len(part) - size + 1)))
    return frozenset(grams)


def shared_phrases(one: str, other: str, *, least: int = 8) -> list[str]:
    """两段文字里都有的原句片段，长的在前，供并排标出；不少于 least 个字。"""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    phrases = {one[block.a : block.a + block.size].strip() for block in matcher.get_matching_blocks()}
    return sorted((phrase for phrase in phrases if len(phrase) >= least), key=lambda phrase: (-len(phrase), phrase))


@lru_cache(maxsize=16_384)
def _title_features(title: str) -> dict[str, float]:
    """标题的特征和分量：归成的词，加上剩下的相邻两字。"""
    plain = _NOT_HAN.sub(_GAP, simplified(fold(title)))
    topics, rest = _take_topics(_PLACES.sub(_GAP, plain))
    features = {topic: WEIGHTS[topic] for topic in topics}
    grams = ngrams(essence(rest), 2)
    weight = min(_GRAM_WEIGHT, _GRAMS_AT_MOST / len(grams)) if features and grams else _GRAM_WEIGHT
    return features | dict.fromkeys(grams, weight)


def _take_topics(text: str) -> tuple[set[str], str]:
    """从左到右取最长的词；取走的地方留断开处。"""
    found, rest, position = set(), [], 0
    while position < len(text):
        for length in range(LONGEST_TOPIC, 1, -1):
            word = text[position : position + length]
            if word in CANONICAL:
                found.add(CANONICAL[word])
                rest.append(_GAP)
                position += len(word)
                break
        else:
            rest.append(text[position])
            position += 1
    return found, "".join(rest)


def _dice(left: dict[str, float], right: dict[str, float]) -> float:
    total = sum(left.values()) + sum(right.values())
    return 2 * sum(left[key] for key in left.keys() & right.keys()) / total if total else 0.0
