"""送达的表单：一名代表一行；同一天同一方式送的可以一次填。"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django import forms

from lianluo.web.forms import DateField, Form

from ..actions.delivering import Handed, wrong_day
from ..models import Delivery, Reply
from .drafts import DraftForm

MEANS = [("", "选择方式"), *Delivery.Means.choices]


@dataclass(frozen=True)
class Row:
    """页面上的一行。"""

    delivery: Delivery
    means: forms.BoundField
    delivered_on: forms.BoundField
    undeliverable: forms.BoundField


class DeliverForm(DraftForm):
    """送达情况。每行要么有方式和日期，要么写明送不到的原因，要么先空着。"""

    all_means = forms.ChoiceField(label="其余代表的送达方式", choices=MEANS, required=False)
    all_on = DateField(label="其余代表的送达日期", required=False)

    def __init__(self, *args, reply: Reply, deliveries: Iterable[Delivery], today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.reply, self.deliveries, self.today = reply, list(deliveries), today
        for one in self.deliveries:
            self._add_row(one)
        self.NEEDED = tuple(name for name in self.fields if not name.startswith("undeliverable"))
        self._mark_needed(True)

    def _add_row(self, one: Delivery) -> None:
        name = one.deputy.name
        means = forms.ChoiceField(label=f"{name}：方式", choices=MEANS, required=False, initial=one.means)
        day = DateField(label=f"{name}：日期", required=False, initial=one.delivered_on)
        reason = forms.CharField(
            label=f"{name}：无法送达的原因", max_length=100, required=False, initial=one.undeliverable
        )
        for field, kind in ((means, "means"), (day, "delivered_on"), (reason, "undeliverable")):
            field.error_messages["invalid"] = f"{field.label}写成 2018-04-09 的样子"
            self.fields[f"{kind}_{one.pk}"] = field

    def rows(self) -> list[Row]:
        return [
            Row(one, self[f"means_{one.pk}"], self[f"delivered_on_{one.pk}"], self[f"undeliverable_{one.pk}"])
            for one in self.deliveries
        ]

    def clean(self):
        data = super().clean()
        if bool(data.get("all_means")) != bool(data.get("all_on")):
            self.add_error("all_means", "其余代表的送达方式和日期一并填写")
        if self.deliveries and not self.errors and not any(data.values()):
            first = self.deliveries[0]
            self.add_error(f"means_{first.pk}", f"选择{first.deputy.name}代表的送达方式，填写日期；送不到的写明原因")
        for one in self.deliveries:
            self._check_row(one, data)
        return data

    def _check_row(self, one: Delivery, data: dict) -> None:
        means, day = data.get(f"means_{one.pk}"), data.get(f"delivered_on_{one.pk}")
        reason = data.get(f"undeliverable_{one.pk}")
        if (means or day) and reason:
            self.add_error(f"undeliverable_{one.pk}", f"{one.deputy.name}：送到了就不写原因，没送到就去掉方式和日期")
        elif means and not day:
            self.add_error(f"delivered_on_{one.pk}", f"填写{one.deputy.name}代表的送达日期")
        elif day and not means:
            self.add_error(f"means_{one.pk}", f"选择{one.deputy.name}代表的送达方式")
        on = day or (None if means or reason else data.get("all_on"))
        wrong = wrong_day(self.reply, one, on, self.today) if on else ""
        place = f"delivered_on_{one.pk}" if day else "all_on"
        if wrong and place not in self.errors:
            self.add_error(place, wrong)

    def handed(self) -> list[Handed]:
        """每名代表的送达情况；没单独填的，用“其余代表”的。"""
        return [self._handed(one) for one in self.deliveries]

    def _handed(self, one: Delivery) -> Handed:
        data = self.cleaned_data
        means: str = data[f"means_{one.pk}"]
        day: date | None = data[f"delivered_on_{one.pk}"]
        reason: str = data[f"undeliverable_{one.pk}"]
        if not (means or day or reason):
            means, day = data["all_means"], data["all_on"]
        return Handed(one, means, day, reason)


class SealedForm(Form):
    """盖章扫描件。"""

    file = forms.FileField(label="盖章扫描件", help_text="PDF、OFD 或图片")
