"""答复编辑页的表单：一张主表，逐条回应、承诺事项、会办意见采纳各一组，一起存。"""
from __future__ import annotations

import re
from collections.abc import Mapping

from django import forms

from lianluo.web.forms import DateField, RadioField, RadioList, RadioModelField
from suggestions.models import Request

from .. import letters
from ..letter_facts import assistants
from ..models import Adoption, Assignment, AssistOpinion, OpinionStatus, Publication, Reply, ResultClass
from .assisting import AdoptionForm
from .drafts import DraftForm

TEXT = {"rows": 3}
MAIN_TEXT = ("opening", "closing", "assist_note", "explanation", "publication", "publication_reason", "summary",
             "contact_name", "contact_phone", "missing_opinions_reason")


class ReplyForm(DraftForm):
    """主表。存草稿什么都可以空着；送审前要齐，缺什么列在检查栏。"""

    NEEDED = (
        "result_class", "opening", "closing", "assist_note", "publication", "contact_name", "contact_phone",
        "copied_to",
    )

    version = forms.IntegerField(widget=forms.HiddenInput)
    result_class = RadioModelField(ResultClass.objects.none(), label="办理结果类别", required=False)
    opening = forms.CharField(label="开头", max_length=1000, required=False, widget=forms.Textarea(TEXT))
    assist_note = forms.CharField(
        label="会办意见采纳情况", max_length=2000, required=False, widget=forms.Textarea({"rows": 4}),
        help_text="写进答复，让代表看到会办单位的意见和采纳情况",
    )
    missing_opinions_reason = forms.CharField(
        label="会办意见未齐先答复的理由", max_length=200, required=False,
        help_text="会办单位逾期、催过仍未送来时填写；不写进答复",
    )
    explanation = forms.CharField(
        label="暂不能解决的原因", max_length=3000, required=False, widget=forms.Textarea({"rows": 4})
    )
    closing = forms.CharField(label="结尾", max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    publication = RadioField(
        label="是否公开", choices=Publication.choices, required=False, widget=RadioList({"class": "choices-row"})
    )
    publication_reason = forms.CharField(
        label="不公开的理由", max_length=200, required=False, help_text="选不公开的填写"
    )
    summary = forms.CharField(
        label="公开摘要", max_length=3000, required=False, widget=forms.Textarea({"rows": 4}),
        help_text="选摘要公开的填写；公开的只有这一段",
    )
    contact_name = forms.CharField(
        label="联系人", max_length=60, required=False, widget=forms.TextInput({"class": "input-medium"})
    )
    contact_phone = forms.CharField(
        label="联系电话", max_length=40, required=False, widget=forms.TextInput({"class": "input-medium"}),
        help_text="写办公电话；答复公开时一并公开",
    )
    copied_to = forms.CharField(
        label="抄送", required=False, widget=forms.Textarea(TEXT), help_text="一行一个，或用顿号分开"
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result_class"].queryset = ResultClass.objects.filter(is_active=True)
        self.fields["result_class"].label_from_instance = lambda one: f"{one.code} 类　{one.name}：{one.definition}"

    def clean_copied_to(self) -> list[str]:
        names = re.split(r"[、，,;；\n]+", self.cleaned_data["copied_to"])
        return list(dict.fromkeys(name.strip().rstrip("。") for name in names if name.strip()))


class ItemForm(DraftForm):
    """对一条具体建议的回应。"""

    NEEDED = ("adoption", "text")

    adoption = RadioField(
        label="采纳情况", choices=Adoption.choices, required=False, widget=RadioList({"class": "choices-row"})
    )
    text = forms.CharField(label="回应", max_length=5000, required=False, widget=forms.Textarea({"rows": 6}))

    def __init__(self, *args, request: Request | None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.asked = request


class PromiseForm(DraftForm):
    """一项承诺；要么全空，要么三样都写。"""

    NEEDED = ("text", "due_on", "responsible")

    text = forms.CharField(label="承诺事项", max_length=200, required=False)
    due_on = DateField(label="完成时限", required=False)
    responsible = forms.CharField(label="责任处室和责任人", max_length=60, required=False)

    def clean(self):
        data = super().clean()
        if any(data.get(name) for name in self.fields):
            for name, field in self.fields.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"填写{field.label}")
        return data


PromiseFormSet = forms.formset_factory(PromiseForm, extra=2, max_num=20, absolute_max=30)


class ReplyBundle:
    """编辑页上的全部表单。``saved`` 是自动保存的草稿内容（与库里同一版次的才用）。"""

    def __init__(self, assignment: Assignment, reply: Reply | None, *, post=None, saved: Mapping | None = None):
        self.assignment, self.reply = assignment, reply
        self.saved = saved or {}
        columns = self._columns()
        self.main = ReplyForm(post, initial={**columns, **self._kept("", columns)})
        answered = {item.request_id: item for item in reply.items.all()} if reply else {}
        self.items = [self._item(post, request, answered) for request in self._asked()]
        self.promises = PromiseFormSet(post, prefix="promise", initial=self._promises())
        self.opinions = self._opinions(post)

    @property
    def beside(self) -> list:
        return [*self.items, self.promises, *(form for _, form in self.opinions)]

    def data(self) -> dict:
        """校验过的内容，交给 save_reply。"""
        main = {name: value for name, value in self.main.cleaned_data.items() if name != "version"}
        rows = [form.cleaned_data for form in self.promises if form.cleaned_data.get("text")]
        return {
            **main,
            "items": {
                form.asked.pk if form.asked else None: (form.cleaned_data["adoption"], form.cleaned_data["text"])
                for form in self.items
            },
            "promises": [(row["text"], row["due_on"], row["responsible"]) for row in rows],
            "adoptions": {
                opinion.pk: (form.cleaned_data["adoption"], form.cleaned_data["note"])
                for opinion, form in self.opinions
            },
        }

    def _columns(self) -> dict:
        """库里现在的内容；还没有起草的用固定写法。"""
        reply = self.reply
        if reply is None:
            return {
                "version": 0, "opening": letters.opening_for(self.assignment), "closing": letters.CLOSING,
                "copied_to": "\n".join(letters.default_copies(self.assignment)),
            }
        columns = {name: getattr(reply, name) for name in MAIN_TEXT}
        return {
            **columns, "version": reply.version, "result_class": reply.result_class_id,
            "opening": reply.opening or letters.opening_for(self.assignment),
            "closing": reply.closing or letters.CLOSING, "copied_to": "\n".join(reply.copied_to),
        }

    def _kept(self, prefix: str, names) -> dict:
        """自动保存的草稿里这一张表的内容。"""
        head = f"{prefix}-" if prefix else ""
        return {
            name: self.saved[f"{head}{name}"] for name in names if name != "version" and f"{head}{name}" in self.saved
        }

    def _asked(self) -> list[Request | None]:
        return list(self.assignment.suggestion.requests.order_by("position")) or [None]

    def _item(self, post, request: Request | None, answered: Mapping) -> ItemForm:
        key = request.pk if request else None
        item = answered.get(key)
        known = {"adoption": item.adoption, "text": item.text} if item else {}
        prefix = f"item-{key or 0}"
        return ItemForm(
            post, prefix=prefix, request=request, initial={**known, **self._kept(prefix, ("adoption", "text"))}
        )

    def _promises(self) -> list[dict]:
        total = str(self.saved.get("promise-TOTAL_FORMS", ""))
        if total.isdecimal():
            rows = [self._kept(f"promise-{place}", PromiseForm.base_fields) for place in range(min(int(total), 30))]
            return [row for row in rows if any(row.values())]
        kept = self.reply.promises.all() if self.reply else []
        return [{"text": row.text, "due_on": row.due_on, "responsible": row.responsible} for row in kept]

    def _opinions(self, post) -> list[tuple[AssistOpinion, AdoptionForm]]:
        """送来了的会办意见，各带一张采纳表。"""
        sent = AssistOpinion.objects.filter(
            assignment__in=assistants(self.assignment), status__in=(OpinionStatus.SENT, OpinionStatus.ADOPTED)
        ).select_related("assignment").order_by("assignment_id")
        return [(one, self._adoption(post, one)) for one in sent]

    def _adoption(self, post, opinion: AssistOpinion) -> AdoptionForm:
        prefix = f"opinion-{opinion.pk}"
        known = {"adoption": opinion.adoption, "note": opinion.adoption_note}
        return AdoptionForm(post, prefix=prefix, initial={**known, **self._kept(prefix, ("adoption", "note"))})
