"""错误提示：说要做什么，不说“有误”“非法”。"""
from __future__ import annotations

from django import forms

_CHOOSE = (forms.ChoiceField, forms.ModelChoiceField, forms.MultipleChoiceField)


def texts_for(field: forms.Field, label: str) -> dict[str, str]:
    """一个字段的全部提示，按错误代码。"""
    return {
        "required": _required(field, label),
        "invalid": _invalid(field, label),
        "invalid_choice": f"从列出的{label}里选一项",
        "invalid_list": f"从列出的{label}里选",
        "invalid_pk_value": f"从列出的{label}里选",
        "max_length": _too_long(field, label),
        "min_length": f"{label}至少写 %(limit_value)d 字（现有 %(show_value)d 字）",
        "max_value": f"{label}不大于 %(limit_value)s",
        "min_value": f"{label}不小于 %(limit_value)s",
        "max_digits": f"{label}最多 %(max)s 位数字",
        "max_decimal_places": f"{label}最多 %(max)s 位小数",
        "max_whole_digits": f"{label}的整数部分最多 %(max)s 位",
        "unique": f"这个{label}已被使用，换一个",
        "missing": f"选择要上传的{label}",
        "empty": f"{label}是空文件，换一份有内容的",
        "contradiction": f"{label}：要么上传新的，要么删去原来的",
        "invalid_image": f"{label}不是能打开的图片，换成 JPG 或 PNG",
        "invalid_extension": f"{label}不收 %(extension)s 文件，可以用 %(allowed_extensions)s",
    }


def apply(field: forms.Field) -> None:
    """换上提示；字段或字段类自己写明的不动。"""
    label = str(field.label or "").strip("：: ") or "这一项"
    for code, text in texts_for(field, label).items():
        if _is_django_default(field, code):
            field.error_messages[code] = text


def _is_django_default(field: forms.Field, code: str) -> bool:
    """现在这句话是 Django 自带的（或还没有），不是本项目写的。"""
    current = field.error_messages.get(code)
    return current is None or any(
        cls.__module__.startswith("django.") and cls.__dict__.get("default_error_messages", {}).get(code) is current
        for cls in type(field).__mro__
    )


def _too_long(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.FileField):
        return f"{label}的文件名缩短到 %(max)d 字以内"
    return f"{label}缩短到 %(limit_value)d 字以内（现有 %(show_value)d 字）"


def _required(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.FileField):
        return f"选择要上传的{label}"
    if isinstance(field, forms.BooleanField):
        return f"勾选“{label}”"
    if isinstance(field, _CHOOSE):
        return f"选择{label}"
    return f"填写{label}"


def _invalid(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.DateTimeField):
        return f"{label}写成 2018-04-09 14:30 的样子"
    if isinstance(field, forms.DateField):
        return f"{label}写成 2018-04-09 或 2018年4月9日 的样子"
    if isinstance(field, forms.EmailField):
        return f"{label}写成 name@example.cn 的样子"
    if isinstance(field, (forms.IntegerField, forms.DecimalField, forms.FloatField)):
        return f"{label}用数字填写，例如 12"
    if isinstance(field, forms.FileField):
        return f"重新选择{label}再上传"
    return f"按说明填写{label}"
