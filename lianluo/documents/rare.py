"""少见的字：自造字换一台电脑就显示不出，兼容汉字与正式汉字同形不同码。只提醒，不改。"""
from __future__ import annotations

import re
import unicodedata

# CJK 兼容汉字区里这十二个其实是正式汉字
_UNIFIED = "\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29"
_RARE = re.compile(
    f"(?![{_UNIFIED}])[\ue000-\uf8ff\uf900-\ufaff\U0002f800-\U0002fa1f\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)


def rare_characters(text: str) -> list[str]:
    """每个少见的字一句话。"""
    return [_sentence(char) for char in dict.fromkeys(_RARE.findall(text))]


def _sentence(char: str) -> str:
    code = f"U+{ord(char):04X}"
    usual = unicodedata.normalize("NFC", char)
    if usual == char:
        return f"有自造字 {code}，换一台电脑可能显示不出，核对后换成正式汉字"
    return f"有兼容汉字 {char}（{code}），已原样保存，正式的字是“{usual}”（U+{ord(usual):04X}）"
