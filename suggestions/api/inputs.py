"""提出一层收什么。列在这里的才能写，其余一律拒收。"""
from __future__ import annotations

from rest_framework import serializers

from lianluo.congresses.models import Session
from lianluo.rest.inputs import Input, ModelInput, References, Visible

from ..actions.registering import DISPOSITIONS
from ..forms.intake import FORMED, REPEATED
from ..forms.parts import MOST_REQUESTS, REQUEST_LIMIT
from ..models import Category, CoSigner, DeclineGround, Deputy, PublishWish, Suggestion
from ..models.deputy import PREFECTURES
from ..texts import BODY_LIMIT, clean_line, clean_requests, clean_text

MOST_COSIGNERS = 200


class TextInput(ModelInput):
    """代表与工作人员写件时共有的几项。"""

    title = serializers.CharField(label="标题", max_length=200)
    body = serializers.CharField(label="内容", max_length=BODY_LIMIT, trim_whitespace=False)
    requests = serializers.ListField(
        child=serializers.CharField(label="具体建议", max_length=REQUEST_LIMIT, trim_whitespace=False),
        label="具体建议", min_length=1, max_length=MOST_REQUESTS,
    )
    cosigners = References(queryset=Deputy.objects.all(), label="联名代表", most=MOST_COSIGNERS, required=False)

    def validate_title(self, value: str) -> str:
        return _filled(clean_line(value), "填写标题")

    def validate_body(self, value: str) -> str:
        return _filled(clean_text(value), "填写内容：情况和问题")

    def validate_requests(self, value: list[str]) -> list[str]:
        return _filled(clean_requests(value), "至少写一条具体建议")

    def validate(self, data: dict) -> dict:
        if data.get("publish_wish") == PublishWish.NONE and not data.get("publish_wish_reason"):
            raise serializers.ValidationError({"publish_wish_reason": ["填写不同意公开的理由"]})
        return data


def _filled(value, sentence: str):
    """清理之后空了的，当作没填。"""
    if not value:
        raise serializers.ValidationError(sentence)
    return value


class DraftInput(TextInput):
    """代表自己写：先存下，要件齐不齐到提交时再说。"""

    body = serializers.CharField(
        label="内容", max_length=BODY_LIMIT, required=False, allow_blank=True, trim_whitespace=False
    )
    requests = serializers.ListField(
        child=serializers.CharField(label="具体建议", max_length=REQUEST_LIMIT, trim_whitespace=False),
        label="具体建议", required=False, max_length=MOST_REQUESTS,
    )

    class Meta:
        model = Suggestion
        fields = [
            "title", "body", "requests", "cosigners", "kind", "wished_units", "publish_wish", "publish_wish_reason",
            "wants_meeting", "contact_phone", "contact_wish", "hides_identity",
        ]

    def validate_body(self, value: str) -> str:
        return clean_text(value)

    def validate_requests(self, value: list[str]) -> list[str]:
        return clean_requests(value)


class DraftChange(DraftInput):
    """改草稿：带上打开时的版次。"""

    revision = serializers.IntegerField(label="版次", min_value=0, max_value=10**6)

    class Meta(DraftInput.Meta):
        fields = [*DraftInput.Meta.fields, "revision"]


class IntakeInput(TextInput):
    """工作人员录入纸质件。"""

    session = serializers.SlugRelatedField(
        slug_field="code", queryset=Session.objects.select_related("term__congress"), label="届次", required=False,
        help_text="如 14-4；不填即正在办理的那次会议",
    )
    lead_deputy = serializers.PrimaryKeyRelatedField(
        queryset=Deputy.objects.select_related("delegation"), label="领衔代表"
    )
    category = serializers.PrimaryKeyRelatedField(
        queryset=Category.objects.filter(is_active=True), label="分类", required=False, allow_null=True
    )
    regions = serializers.ListField(
        child=serializers.ChoiceField(choices=[(name, name) for name in PREFECTURES], label="涉及地区"),
        label="涉及地区", required=False, max_length=len(PREFECTURES),
    )
    formed_by = serializers.ChoiceField(
        choices=[(name, name) for name in FORMED], label="形成方式", required=False, allow_blank=True
    )
    repeated_years = serializers.ChoiceField(
        choices=[(name, name) for name in REPEATED], label="多年多次提出", required=False, allow_blank=True
    )
    as_delegation = serializers.BooleanField(label="以代表团名义提出", required=False)

    class Meta:
        model = Suggestion
        fields = [
            "session", "lead_deputy", "cosigners", "as_delegation", "title", "body", "requests", "kind",
            "raised_during", "converted_from_bill", "category", "regions", "involves_place", "wished_units",
            "publish_wish", "publish_wish_reason", "wants_meeting", "for_reference", "formed_by", "repeated_years",
            "hides_identity", "contact_name", "contact_phone", "contact_wish", "note",
        ]

    def validate(self, data: dict) -> dict:
        data = super().validate(data)
        _same_congress(data)
        if "as_delegation" in data:
            data["raised_by"] = "delegation" if data.pop("as_delegation") else "personal"
        return data


def _same_congress(data: dict) -> None:
    """代表须是这次会议所属人大的。"""
    session, lead = data.get("session"), data.get("lead_deputy")
    congress_id = session.term.congress_id if session else (lead.congress_id if lead else None)
    given = [("lead_deputy", lead)] if lead else []
    for name, deputy in [*given, *(("cosigners", one) for one in data.get("cosigners", []))]:
        if congress_id is not None and deputy.congress_id != congress_id:
            raise serializers.ValidationError({name: [f"{deputy.name}不是这一级人大的代表"]})


class NewIntake(IntakeInput):
    """录入一件并提交。"""

    submitted_on = serializers.DateField(label="收到日期", required=False, help_text="不填即今天")
    number = serializers.IntegerField(
        label="预印编号", required=False, min_value=1, max_value=9999, help_text="纸上已印编号的填写，随即登记"
    )

    class Meta(IntakeInput.Meta):
        fields = [*IntakeInput.Meta.fields, "submitted_on", "number"]


class IntakeChange(IntakeInput):
    """登记之前更正录入：带上打开时的版次。"""

    revision = serializers.IntegerField(label="版次", min_value=0, max_value=10**6)

    class Meta(IntakeInput.Meta):
        fields = [*IntakeInput.Meta.fields, "revision"]


class SubmitInput(Input):
    """提交：一事一议由代表自己声明。"""

    one_matter = serializers.BooleanField(label="这件只写了一件事（一事一议）")


class CosignInput(Input):
    """确认或谢绝联名；确认的是带着这个摘要的文本。"""

    answer = serializers.ChoiceField(choices=[("yes", "同意联名"), ("no", "不参加联名")], label="意见")
    text_hash = serializers.CharField(label="文本摘要", max_length=64, required=False, default="", allow_blank=True)
    reason = serializers.CharField(label="留言", max_length=100, required=False, default="", allow_blank=True)


class RegisterInput(Input):
    """登记编号。"""

    category = serializers.PrimaryKeyRelatedField(
        queryset=Category.objects.filter(is_active=True), label="分类", required=False, allow_null=True
    )
    number = serializers.IntegerField(
        label="编号", required=False, min_value=1, max_value=9999, help_text="预印的编号；不填即取下一号"
    )
    similar_seen = serializers.BooleanField(label="已看过可能相近的件", default=True)


class NoteInput(Input):
    """一句说明。"""

    note = serializers.CharField(label="说明", max_length=1000)


class ReasonInput(Input):
    """一句理由。"""

    reason = serializers.CharField(label="理由", max_length=300)


class DeclineInput(Input):
    """不作为建议处理。"""

    ground = serializers.ChoiceField(choices=DeclineGround.choices, label="法定理由")
    note = serializers.CharField(label="说明", max_length=1000)
    disposition = serializers.ChoiceField(choices=list(DISPOSITIONS.items()), label="去向", default="returned")
    told_how = serializers.CharField(
        label="怎样告知代表", max_length=60, required=False, default="", allow_blank=True,
        help_text="代表没有账号的须写",
    )


class MergeInput(Input):
    """并案。"""

    into = Visible(queryset=Suggestion.objects.all(), label="主件")
    reason = serializers.CharField(label="并案的理由", max_length=300)


class WithdrawInput(Input):
    """撤回；联名的须全体同意。"""

    reason = serializers.CharField(label="撤回的理由", max_length=300)
    consented = References(
        queryset=CoSigner.objects.all(), label="同意撤回的联名代表", most=MOST_COSIGNERS, required=False, default=list,
        help_text="联名代表行的编号（cosigners 里的 id）",
    )
    consent_how = serializers.CharField(
        label="怎样同意的", max_length=60, required=False, default="", allow_blank=True
    )
