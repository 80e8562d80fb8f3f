"""表单字段：收得宽，说得清。"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone

from . import dates, widgets

LONGEST_LOOKUP = 100  # 再长就不是名字，不去查


class DateField(forms.DateField):
    """日期：各种写法都收。"""

    widget = widgets.DateInput

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        day = dates.parse_day(value)
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class MomentField(forms.DateTimeField):
    """日期和时间。"""

    widget = widgets.MomentInput

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        moment = dates.parse_moment(value)
        if moment is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return from_current_timezone(moment)


class PhoneField(forms.CharField):
    """电话：空格、横线、括号、全角都收，存成数字（可带 + 和分机 -）。"""

    default_error_messages = {"invalid": "写 11 位手机号，或带区号的座机号"}

    def to_python(self, value) -> str:
        text = dates.normal(super().to_python(value))
        return re.sub(r"[\s()（）.]", "", text)

    def validate(self, value) -> None:
        super().validate(value)
        if value and not re.fullmatch(r"\+?[\d-]{7,20}", value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class RadioField(forms.ChoiceField):
    """单选，不预选。"""

    widget = widgets.RadioList


class RadioModelField(forms.ModelChoiceField):
    """从库里选一项，单选列表，不预选。"""

    widget = widgets.RadioList

    def __init__(self, queryset, **kwargs) -> None:
        super().__init__(queryset, empty_label=None, **kwargs)


class CheckField(forms.MultipleChoiceField):
    """多选列表。"""

    widget = widgets.CheckList


class YesNoField(forms.TypedChoiceField):
    """是或否，两者都要人自己点。"""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("widget", widgets.RadioList({"class": "choices-row"}))
        super().__init__(
            choices=[("yes", "是"), ("no", "否")], coerce=lambda value: value == "yes", empty_value=None, **kwargs
        )

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)


class MultiFileField(forms.FileField):
    """多份文件，得到列表。"""

    widget = widgets.MultiFileInput

    def clean(self, data, initial=None) -> list:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not files:
            super().clean(None, initial)
            return []
        return [super(MultiFileField, self).clean(one, initial) for one in files]


class LookupField(forms.CharField):
    """打名字或编号找一个人、一个单位。``find(text)`` 返回合得上的对象。

    候选写成“张三（0123）”，括号里的编号用来认准重名的人。
    """

    default_error_messages = {
        "not_found": "没有找到“%(text)s”，换全名、简称或编号再试",
        "several": "“%(text)s”有 %(count)d 个，从列出的里面选，或写编号",
    }

    def __init__(self, *, find: Callable[[str], Iterable], url="", show: Callable | None = None, **kwargs) -> None:
        super().__init__(widget=widgets.LookupInput(url), **kwargs)
        self.find, self.show = find, show or str

    def prepare_value(self, value) -> str:
        return value if value is None or isinstance(value, str) else self.show(value)

    def clean(self, value):
        text = super().clean(value)
        return self.found(text) if text else None

    def found(self, text: str):
        """合得上的唯一一个；没有或不止一个时说清楚。"""
        rows = list(self.find(text)) if len(text) <= LONGEST_LOOKUP else []
        if len(rows) == 1:
            return rows[0]
        code = "several" if rows else "not_found"
        params = {"text": text[:LONGEST_LOOKUP], "count": len(rows), "one": self.show(rows[0]) if rows else ""}
        raise ValidationError(self.error_messages[code], code=code, params=params)


class LookupListField(LookupField):
    """打几个名字，用顿号、逗号或换行分开，得到列表。"""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.widget.several = True

    def prepare_value(self, value) -> str:
        if value is None or isinstance(value, str):
            return value
        return "、".join(self.show(one) for one in value)

    def clean(self, value) -> list:
        text = forms.CharField.clean(self, value)
        names = [name.strip() for name in re.split(r"[、，,;；\n]+", text) if name.strip()]
        found = [self.found(name) for name in names]
        return list(dict.fromkeys(found))
