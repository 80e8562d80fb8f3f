"""表单的共同底子：服务器是唯一的裁判，话说清楚，打过的字不丢。"""
from __future__ import annotations

from django import forms
from django.db import models
from django.forms.models import ModelFormMetaclass

from . import error_texts, widgets
from .fields import (
    CheckField,
    DateField,
    LookupField,
    LookupListField,
    MomentField,
    MultiFileField,
    PhoneField,
    RadioField,
    RadioModelField,
    YesNoField,
)
from .submit import TOKEN_FIELD, new_token
from .widgets import CheckList, DateInput, RadioList, SearchInput, TypeaheadSelect, TypeaheadSelectMultiple

__all__ = [
    "CheckField", "CheckList", "DateField", "DateInput", "Form", "LookupField", "LookupListField", "ModelForm",
    "MomentField", "MultiFileField", "PhoneField", "RadioField", "RadioList", "RadioModelField", "SearchInput",
    "TypeaheadSelect", "TypeaheadSelectMultiple", "YesNoField",
]


class LianluoForm:
    """两种底子共有的：不用 required 属性，中文提示，提交令牌。"""

    use_required_attribute = False

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.missing: list = []
        for field in self.fields.values():
            _prepare(field)

    @property
    def token(self) -> str:
        """提交令牌：重新显示时沿用交上来的那一枚。"""
        if not hasattr(self, "_token"):
            posted = self.data.get(TOKEN_FIELD) if self.is_bound else None
            self._token = posted or new_token()
        return self._token


class Form(LianluoForm, forms.Form):
    """普通表单。"""


class _WithFields(ModelFormMetaclass):
    """给 ModelForm 换上自己的字段（日期、是否、整数）。"""

    def __new__(mcs, name, bases, attrs):
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(formfield)
        return super().__new__(mcs, name, bases, attrs)


class ModelForm(LianluoForm, forms.ModelForm, metaclass=_WithFields):
    """模型表单。"""


def formfield(db_field: models.Field, **kwargs):
    """模型字段到表单字段：日期收各种写法，可空的是否问用单选。"""
    if isinstance(db_field, models.DateTimeField):
        kwargs.setdefault("form_class", MomentField)
    elif isinstance(db_field, models.DateField):
        kwargs.setdefault("form_class", DateField)
    elif isinstance(db_field, models.BooleanField) and db_field.null:
        return YesNoField(label=db_field.verbose_name, required=not db_field.blank, help_text=db_field.help_text)
    return db_field.formfield(**kwargs)


def _prepare(field: forms.Field) -> None:
    """换中文提示；不截断输入，只数字数；数字框不用会被滚轮改掉的那种。"""
    error_texts.apply(field)
    attrs = field.widget.attrs
    attrs.pop("maxlength", None)
    limit = getattr(field, "max_length", None)
    if limit and isinstance(field.widget, forms.Textarea):
        attrs["data-counter"] = str(limit)
    if isinstance(field.widget, forms.Textarea):
        attrs.pop("cols", None)
    if isinstance(field.widget, forms.NumberInput):
        field.widget = forms.TextInput({"class": "input-short", **_plain(attrs), "inputmode": "decimal"})
    if isinstance(field, forms.DateField) and type(field.widget) is forms.DateInput:
        field.widget = widgets.DateInput()
    if isinstance(field.widget, forms.RadioSelect):
        _no_blank_choice(field)


def _plain(attrs: dict) -> dict:
    """数字框的 min、max、step 不带到文本框上。"""
    return {key: value for key, value in attrs.items() if key not in ("min", "max", "step")}


def _no_blank_choice(field: forms.Field) -> None:
    """单选列表不画“---------”这一项，也就没有默认。"""
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = None
    else:
        field.choices = [choice for choice in field.choices if choice[0] not in ("", None)]
