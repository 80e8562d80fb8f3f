"""汉字数字与公文日期。"""
from __future__ import annotations

from datetime import date

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")


def chinese_number(number: int) -> str:
    """0–9999 的汉字读法：555 → 五百五十五，10 → 十，1005 → 一千零五。"""
    if not 0 <= number <= 9999:
        raise ValueError("只换算 0 到 9999")
    if number == 0:
        return _DIGITS[0]
    spoken = "".join(_spoken(digit, place) for digit, place in _places(number))
    while "零零" in spoken:
        spoken = spoken.replace("零零", "零")
    spoken = spoken.strip("零")
    return spoken.removeprefix("一") if 10 <= number <= 19 else spoken


def date_in_letter(day: date) -> str:
    """公文成文日期用阿拉伯数字，月日不补零：2018年4月9日（GB/T 9704—2012）。"""
    return f"{day.year}年{day.month}月{day.day}日"


def _places(number: int):
    digits = [int(char) for char in str(number)]
    return zip(digits, range(len(digits) - 1, -1, -1), strict=True)


def _spoken(digit: int, place: int) -> str:
    return _DIGITS[digit] + _UNITS[place] if digit else _DIGITS[0]
