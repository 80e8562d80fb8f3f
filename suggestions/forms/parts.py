"""表单的零件：逐条写的具体建议、按名字或证号找代表、按编号找件。"""
from __future__ import annotations

import re
from collections.abc import Iterable

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse_lazy

from lianluo.text.numbers import int_of
from lianluo.web import forms

from ..models import Category, Deputy, Suggestion
from ..texts import clean_requests

ROWS_FIRST = 2
MOST_REQUESTS = 20
REQUEST_LIMIT = 1000
ADD, REMOVE = "add_request", "remove_request"
_NAMED = re.compile(r"^(.*?)[（(]([^（）()]+)[）)]$")


class RequestsInput(django_forms.Widget):
    """一条一框：requests_1、requests_2……没有 JavaScript 时用“再加一条”的按钮（按名字识别）。"""

    rows_first = ROWS_FIRST

    def value_from_datadict(self, data, files, name) -> list[str]:
        indexed = sorted(
            (number, value) for key, value in data.items()
            if key.startswith(f"{name}_") and (number := int_of(key[len(name) + 1:])) is not None
        )
        texts = [value if isinstance(value, str) else "" for _, value in indexed[:MOST_REQUESTS + 1]]
        return _rearranged(texts, data)

    def value_omitted_from_data(self, data, files, name) -> bool:
        return not any(key.startswith(f"{name}_") for key in data)

    def render(self, name, value, attrs=None, renderer=None):
        texts = list(value or [])
        texts += [""] * (self.rows_first - len(texts))
        rows = [(number, f"{name}_{number}", text) for number, text in enumerate(texts, start=1)]
        return render_to_string("suggestions/widgets/requests.html", {
            "rows": rows, "id": (attrs or {}).get("id", f"id_{name}"), "attrs": attrs or {}, "add": ADD,
            "remove": REMOVE, "room": len(rows) < MOST_REQUESTS, "removable": len(rows) > 1,
        })


def _rearranged(texts: list[str], data) -> list[str]:
    """按了“再加一条”或“删去第几条”。"""
    if data.get(ADD):
        return [*texts, ""] if len(texts) < MOST_REQUESTS else texts
    index = int_of(str(data.get(REMOVE, "")))
    if index and index <= len(texts):
        return [text for number, text in enumerate(texts, start=1) if number != index]
    return texts


def wants_rearranging(post) -> bool:
    """这次提交只是增减条数，不校验、不保存。"""
    return bool(post.get(ADD) or post.get(REMOVE))


class RequestsField(django_forms.Field):
    """具体建议：至少一条，每条不超过一千字；得到 list[str]。"""

    widget = RequestsInput
    default_error_messages = {
        "required": "至少写一条具体建议",
        "too_long": "第 %(number)d 条具体建议缩短到 %(limit)d 字以内（现有 %(size)d 字）",
        "too_many": "具体建议至多 %(limit)d 条，合并几条",
        "nul": "第 %(number)d 条具体建议里有不能保存的字符，删去后再提交",
    }

    def to_python(self, value) -> list[str]:
        return clean_requests(value or [])

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > MOST_REQUESTS:
            raise ValidationError(self.error_messages["too_many"], "too_many", {"limit": MOST_REQUESTS})
        for number, text in enumerate(value, start=1):
            if "\x00" in text:
                raise ValidationError(self.error_messages["nul"], "nul", {"number": number})
            if len(text) > REQUEST_LIMIT:
                params = {"number": number, "limit": REQUEST_LIMIT, "size": len(text)}
                raise ValidationError(self.error_messages["too_long"], "too_long", params)


# ── 代表 ──
def shown_deputy(deputy: Deputy) -> str:
    """黄岳若（HN140001）：括号里的证号用来认准重名的人。"""
    return f"{deputy.name}（{deputy.certificate_no}）" if deputy.certificate_no else deputy.name


def find_deputies(congress_id: int | None, text: str) -> list[Deputy]:
    """表单里打的字对应哪位代表：带证号的按证号认，否则先按全名，再按拼音与证号。"""
    found = Deputy.objects.select_related("delegation", "account")
    if congress_id is not None:
        found = found.filter(congress_id=congress_id)
    named = _NAMED.match(text.strip())
    if named:
        return list(found.named(named.group(1)).filter(certificate_no__iexact=named.group(2).strip())[:2])
    exact = list(found.named(text)[:20])
    return exact or list(found.matching(text)[:20])


def suggest_deputies(congress_id: int | None, text: str, session, most: int = 10) -> list[dict]:
    """查找框的候选：代表团、电话尾号、本次会议已提件数。"""
    if not text.strip():
        return []
    found = Deputy.objects.matching(text).select_related("delegation")
    if congress_id is not None:
        found = found.filter(congress_id=congress_id)
    counted = found.annotate(led=Count("led_suggestions", filter=Q(led_suggestions__session=session)))
    return [_choice(deputy) for deputy in counted.order_by("pinyin", "pk")[:most]]


def _choice(deputy: Deputy) -> dict:
    tail = f"尾号 {deputy.phone[-4:]}" if len(deputy.phone) >= 4 else "没有电话"
    return {
        "text": shown_deputy(deputy), "label": deputy.name, "short": deputy.certificate_no,
        "pinyin": deputy.pinyin.replace(" ", ""), "initials": deputy.initials,
        "note": f"{deputy.delegation.name} · {tail} · 领衔 {deputy.led} 件",
    }


DEPUTY_URL = reverse_lazy("suggestions:deputy_lookup")


class DeputyField(forms.LookupField):
    """一位代表：姓名、拼音首字母或代表证号。"""

    default_error_messages = {
        "not_found": "没有找到代表“%(text)s”，换全名或代表证号再试",
        "several": "“%(text)s”有 %(count)d 位代表，写上代表证号，如 %(one)s",
    }

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("url", DEPUTY_URL)
        super().__init__(find=lambda text: find_deputies(None, text), show=shown_deputy, **kwargs)

    def within(self, congress_id: int | None) -> None:
        """只在这一级人大里找。"""
        self.find = lambda text: find_deputies(congress_id, text)


class DeputyListField(forms.LookupListField, DeputyField):
    """几位代表，用顿号隔开。"""

    default_error_messages = DeputyField.default_error_messages


# ── 分类 ──
def label_by_tree(category: Category) -> str:
    """二级缩进一字。"""
    return f"　{category.name}" if category.parent_id else category.name


class CategoryField(django_forms.ModelChoiceField):
    """两级分类：一级之后跟着它的二级，二级缩进。"""

    def __init__(self, queryset=None, **kwargs) -> None:
        super().__init__(Category.objects.in_use_by_tree() if queryset is None else queryset, **kwargs)

    def label_from_instance(self, category: Category) -> str:
        return label_by_tree(category)


# ── 件 ──
def find_cases(session, text: str) -> Iterable[Suggestion]:
    """按编号找同一次会议的件：486、0486、闭0007，后面跟着标题也行。"""
    found = re.match(r"\s*第?(闭|议转)?0*(\d{1,6})", text)
    if not found:
        return []
    cases = Suggestion.objects.filter(session=session, number=int(found.group(2))).select_related("session")
    if found.group(1) == "闭":
        return list(cases.filter(series="between"))
    exact = list(cases.filter(series="session"))
    return exact or list(cases)


class CaseField(forms.LookupField):
    """一件：写编号。"""

    default_error_messages = {
        "not_found": "本次会议没有编号“%(text)s”的件，核对编号",
        "several": "编号“%(text)s”有 %(count)d 件，闭会期间的在前面加“闭”",
    }

    def __init__(self, **kwargs) -> None:
        super().__init__(find=lambda text: [], show=lambda case: case.shown_number, **kwargs)

    def within(self, session) -> None:
        self.find = lambda text: find_cases(session, text)
