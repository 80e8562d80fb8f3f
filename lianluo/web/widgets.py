"""表单控件：能用键盘、没有 JavaScript 也能用。"""
from __future__ import annotations

from datetime import date, datetime

from django import forms
from django.utils import timezone


class DateInput(forms.TextInput):
    """日期用文本框：可以写 2018.4.9，也可以写 2018年4月9日。"""

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"class": "input-date", "inputmode": "numeric", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value) -> str:
        if isinstance(value, (date, datetime)):
            return value.strftime("%Y-%m-%d")
        return value or ""


class MomentInput(DateInput):
    """日期和时间：2018-04-09 14:30。"""

    def format_value(self, value) -> str:
        if isinstance(value, datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return local.strftime("%Y-%m-%d %H:%M")
        return super().format_value(value)


class SearchInput(forms.TextInput):
    """查找框：框里写明找的是哪几样。"""

    input_type = "search"

    def __init__(self, what: str = "", attrs: dict | None = None) -> None:
        super().__init__({"placeholder": what, "autocomplete": "off", **(attrs or {})})


class RadioList(forms.RadioSelect):
    """单选列表，什么也不预选（GOV.UK radios）。"""


class CheckList(forms.CheckboxSelectMultiple):
    """多选列表。"""


class TypeaheadSelect(forms.Select):
    """下拉框，有 JavaScript 时变成可按名称、简称、拼音首字母查找的框。

    ``extra`` 由选项值取补充：{"full": "湖南省水利厅", "initials": "sslt", "note": "本年主办 43"}。
    """

    def __init__(self, attrs: dict | None = None, choices=(), extra=None) -> None:
        super().__init__({"data-typeahead": True, **(attrs or {})}, choices)
        self.extra = extra

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        for key, text in (self.extra(value) if self.extra and value else {}).items():
            option["attrs"][f"data-{key}"] = text
        return option


class TypeaheadSelectMultiple(TypeaheadSelect, forms.SelectMultiple):
    """多选的查找框；没有 JavaScript 时是普通的多选列表。"""


class LookupInput(forms.TextInput):
    """名单很长时用的文本框：边打边从 ``url`` 取候选，打全名或编号也收。"""

    def __init__(self, url="", attrs: dict | None = None, several: bool = False) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.url, self.several = url, several

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        if self.url:
            attrs["data-typeahead-url"] = str(self.url)
        if self.several:
            attrs["data-several"] = True
        return attrs


class MultiFileInput(forms.FileInput):
    """一次选多份文件。"""

    allow_multiple_selected = True

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"multiple": True, **(attrs or {})})
