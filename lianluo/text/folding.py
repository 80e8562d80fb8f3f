"""折算：同一个名字、同一个词的不同写法，比较和查找时当作一样。只用于比较，不改存下来的文字。

规则（declared）：
1. NFKC：全角字母数字、兼容汉字、上下标折成通行的字；大小写不论。
2. 间隔号 · ・ ･ • ‧ ∙ ⋅ ● ᛫ 都当作「·」；夹在两个汉字之间的「.」「．」也当作「·」。
3. 零宽字符、控制双向的字符去掉；空白连成一个空格，首尾的去掉，汉字之间的去掉（「张 三」同「张三」）。
4. 阿拉伯-印度数字等其他文字的数字不折算。
"""
from __future__ import annotations

import re
import unicodedata

HAN = "㐀-䶿一-鿿豈-﫿〇々\U00020000-\U000323af"
_DOTS = re.compile("[·・•‧∙⋅●᛫]")
_DOT_BETWEEN = re.compile(f"(?<=[{HAN}])\\.(?=[{HAN}])")
_SPACE_BETWEEN = re.compile(f"(?<=[{HAN}·])\\s+(?=[{HAN}·])")


def fold(text: str) -> str:
    """比较用的形。``fold(fold(x)) == fold(x)``。"""
    folded = unicodedata.normalize("NFKC", text)
    folded = "".join(char for char in folded if unicodedata.category(char) not in ("Cf", "Cc") or char in "\t\n\r")
    folded = unicodedata.normalize("NFKC", folded).casefold()
    folded = _DOTS.sub("·", " ".join(folded.split()))
    return _DOT_BETWEEN.sub("·", _SPACE_BETWEEN.sub("", folded))
