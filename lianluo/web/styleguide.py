"""构件一览的内容：每种构件一份样子，测试与截图都用它。"""
from __future__ import annotations

from datetime import timedelta

from django import forms as django_forms
from django.conf import settings
from django.http import HttpRequest

from lianluo.statemachine import Incomplete, Missing
from lianluo.workdays import clock, lights

from . import forms, menu

PAGES = {"staff": "web/styles.html", "deputy": "web/styles_deputy.html", "public": "web/styles_public.html"}
UNITS = [
    ("shuili", "省水利厅", {"short": "水利厅", "initials": "sslt", "note": "本年主办 43 件"}),
    ("caizheng", "省财政厅", {"short": "财政厅", "initials": "sczt", "note": "本年主办 38 件"}),
    ("minzheng", "省民政厅", {"short": "民政厅", "initials": "smzt", "note": "本年主办 21 件"}),
    ("jiaotong", "省交通运输厅", {"short": "交通厅", "initials": "sjtyst", "note": "本年主办 57 件"}),
    ("keji", "省科学技术厅", {"short": "科技厅", "initials": "skxjst", "note": "本年主办 12 件"}),
]
ROWS = [
    ("关于加快推进湘江流域重金属污染治理与生态补偿机制建设的建议", "rehandling", "再办理"),
    ("关于将农村饮水安全巩固提升工程资金纳入省级预算的建议", "handling", "办理中"),
    ("关于规范城乡低保动态管理的建议", "assigned", "已交办"),
    ("关于支持永州至清远高速公路前期工作的建议", "replied", "已答复待测评"),
    ("关于设立县域科技特派员专项经费的建议", "concluded", "办结"),
]


class SampleForm(forms.Form):
    """示例：各种字段各一个。"""

    title = django_forms.CharField(label="标题", max_length=60, help_text="写成“关于……的建议”")
    session = django_forms.CharField(label="会议", max_length=20)
    number = django_forms.IntegerField(label="编号")
    raised_on = forms.DateField(label="提出日期")
    phone = forms.PhoneField(label="联系电话", required=False)
    kind = forms.RadioField(label="形式", choices=[("suggestion", "建议"), ("criticism", "批评"), ("opinion", "意见")])
    lead_unit = django_forms.ChoiceField(
        label="主办单位", choices=[("", "")] + [(code, name) for code, name, _ in UNITS],
        widget=forms.TypeaheadSelect(extra={code: extra for code, _, extra in UNITS}.get),
    )
    other_units = django_forms.MultipleChoiceField(
        label="会办单位", required=False, choices=[(code, name) for code, name, _ in UNITS],
        widget=forms.TypeaheadSelectMultiple(extra={code: extra for code, _, extra in UNITS}.get),
    )
    means = forms.CheckField(
        label="沟通方式", required=False,
        choices=[("call", "电话"), ("visit", "走访"), ("talk", "座谈"), ("site", "现场办理")],
    )
    body = django_forms.CharField(label="正文", max_length=200, widget=django_forms.Textarea({"rows": 5}))
    photos = forms.MultiFileField(label="照片", required=False, help_text="JPG 或 PNG，每张不超过 10 MB")
    agreed = django_forms.BooleanField(label="内容不涉密")


def accept_sample(data: dict) -> str:
    """示例表单的动作：标题写“缺”时演示缺项清单。"""
    if data["title"] == "缺":
        raise Incomplete(
            "还不能送签",
            [
                Missing("单位主要负责人还没有与代表当面沟通", "/web/styles/#timeline", "JT-03"),
                Missing("联系人电话没有填写", "/web/styles/#id_phone"),
            ],
        )
    return menu.url_of("web:styles")


def may_see(request: HttpRequest) -> bool:
    """演示时谁都看得到；平时只有系统管理员。"""
    return settings.DEMO or (request.user.is_authenticated and request.user.has_role("sysadmin"))


def page_for(shell: str) -> str:
    """工作区、代表、公开三种外壳各一页。"""
    return PAGES.get(shell, PAGES["staff"])


def context(request: HttpRequest, form: SampleForm | None = None) -> dict:
    """一览页的上下文。"""
    today = clock.today()
    due = [today + timedelta(days=days) for days in (-12, 0, 4, 20, 86)]
    lamps = [lights.light(day, today) for day in due] + [lights.light(today, today, done=True)]
    return {
        "form": form or SampleForm(),
        "today": today,
        "lamps": lamps,
        "rows": [
            {"number": f"{486 + index:04d}", "title": title, "unit": UNITS[index][1], "due_on": due[index],
             "status": status, "label": label}
            for index, (title, status, label) in enumerate(ROWS)
        ],
        "units": UNITS,
        "steps": ["选文件", "对应列", "预检", "导入"],
    }
