"""中文文字：折算、拼音、最接近的名字、相近的建议。纯函数，不碰数据库。"""
from . import similarity
from .folding import fold
from .names import nearest, pinyin_of

__all__ = ["fold", "nearest", "pinyin_of", "similarity"]
