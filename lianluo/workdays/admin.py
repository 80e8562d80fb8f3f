"""后台：放假与调休、年度放假安排、时限规则。改日历走 ``actions``，留痕并重算。"""
from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction

from lianluo.accounts.backoffice import ByRole
from lianluo.accounts.roles import Role
from lianluo.audit import record
from lianluo.statemachine import DomainError

from . import actions, profiles
from .clock import today
from .models import CalendarYear, DeadlineRule, Holiday, RuleProfile

KEEPERS = (Role.NPC_OFFICE.value, Role.SYSADMIN.value)
MONTH_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


class HolidayForm(forms.ModelForm):
    """改一天，理由必填。"""

    reason = forms.CharField(label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Holiday
        fields = ["day", "is_workday", "name", "source"]


@admin.register(Holiday)
class HolidayAdmin(ByRole, admin.ModelAdmin):
    """要恢复常规（删去一天），在工作日历页办理。"""

    edit_roles = KEEPERS
    form = HolidayForm
    list_display = ["day", "arrangement_name", "name", "source", "note"]
    ordering = ["-day"]
    list_filter = ["is_workday"]
    search_fields = ["name", "source", "note"]
    date_hierarchy = "day"

    @admin.display(description="安排", ordering="is_workday")
    def arrangement_name(self, row: Holiday) -> str:
        return row.arrangement

    def get_readonly_fields(self, request, obj=None):
        return ["day"] if obj else []

    def save_model(self, request, obj, form, change) -> None:
        data = form.cleaned_data
        try:
            done = actions.set_day(
                obj.day, is_workday=obj.is_workday, name=obj.name, source=data["source"], reason=data["reason"],
                today=today(), actor=request.user,
            )
        except DomainError as error:
            messages.warning(request, error.sentence)
            return
        obj.pk = done.event.target_id
        _tell(self, request, done)


@admin.register(CalendarYear)
class CalendarYearAdmin(ByRole, admin.ModelAdmin):
    edit_roles = KEEPERS
    deletable = True
    list_display = ["year", "source", "covered_on"]
    search_fields = ["source"]
    fields = ["year", "source"]

    def get_readonly_fields(self, request, obj=None):
        return ["year"] if obj else []

    def save_model(self, request, obj, form, change) -> None:
        done = actions.cover_year(obj.year, source=obj.source, today=today(), actor=request.user)
        obj.pk = done.event.target_id
        _tell(self, request, done)

    def delete_model(self, request, obj) -> None:
        done = actions.uncover_year(obj.year, reason="后台撤去", today=today(), actor=request.user)
        _tell(self, request, done)

    def delete_queryset(self, request, queryset) -> None:
        for row in queryset:
            self.delete_model(request, row)


def _tell(model_admin: admin.ModelAdmin, request, done: actions.Change) -> None:
    """说明重算的结果。"""
    model_admin.message_user(request, f"工作日历已改，移动到期日 {len(done.moves)} 个")


def _field(key: str, setting: profiles.Setting) -> forms.Field:
    """一个参数对应的表单项。"""
    said = {"label": setting.label, "help_text": setting.hint}
    if setting.choices:
        return forms.ChoiceField(choices=setting.choices, **said)
    if isinstance(setting.default, bool):
        return forms.BooleanField(required=False, **said)
    if isinstance(setting.default, int):
        return forms.IntegerField(min_value=1, max_value=setting.most, **said)
    return forms.RegexField(MONTH_DAY, error_messages={"invalid": "写成 08-31"}, **said)


class ProfileForm(forms.ModelForm):
    """一套规则的名称与参数；只存与默认不同的参数。"""

    class Meta:
        model = RuleProfile
        fields = ["code", "name", "region"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for key in profiles.SETTINGS:
            self.fields[key].initial = self.instance.setting(key)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if self.instance.pk and self.instance.code in profiles.PROFILES and code != self.instance.code:
            raise ValidationError("随系统提供的规则组不改代码，另建一组")
        return code

    def save(self, commit: bool = True) -> RuleProfile:
        given = {key: self.cleaned_data[key] for key in profiles.SETTINGS}
        defaults = {key: setting.default for key, setting in profiles.SETTINGS.items()}
        self.instance.settings = {key: value for key, value in given.items() if value != defaults[key]}
        return super().save(commit)


RuleProfileForm = type(ProfileForm)(
    "RuleProfileForm", (ProfileForm,),
    {"__module__": __name__, **{key: _field(key, setting) for key, setting in profiles.SETTINGS.items()}},
)


class DeadlineRuleInline(ByRole, admin.TabularInline):
    edit_roles = KEEPERS
    deletable = True
    model = DeadlineRule
    extra = 0
    fields = ["code", "amount", "measure", "base", "basis", "own_choice"]


@admin.register(RuleProfile)
class RuleProfileAdmin(ByRole, admin.ModelAdmin):
    """改规则只影响此后新定的期限，已定的按当时的快照。"""

    edit_roles = KEEPERS
    deletable = True
    form = RuleProfileForm
    inlines = [DeadlineRuleInline]
    list_display = ["name", "code", "region"]
    fieldsets = [
        (None, {"fields": ["code", "name", "region"]}),
        ("参数", {"fields": list(profiles.SETTINGS)}),
    ]

    def has_delete_permission(self, request, obj=None) -> bool:
        shipped = obj is not None and obj.code in profiles.PROFILES
        return not shipped and super().has_delete_permission(request, obj)

    @transaction.atomic
    def delete_model(self, request, obj) -> None:
        record("reference.removed", actor=request.user, target=obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset) -> None:
        for row in queryset:
            self.delete_model(request, row)

    @transaction.atomic
    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        changed = [*form.changed_data, *(name for formset in formsets for name in _rules_changed(formset))]
        if changed:
            record("rules.changed", actor=request.user, target=form.instance, changed=changed)


def _rules_changed(formset) -> list[str]:
    rows = [*formset.new_objects, *(row for row, _ in formset.changed_objects), *formset.deleted_objects]
    return [str(row) for row in rows]
