"""办理一层收什么。列在这里的才能写，其余一律拒收。"""
from __future__ import annotations

from rest_framework import serializers

from lianluo.rest.inputs import Input, References
from suggestions.models import Deputy

from ..models import (
    ActivityKind,
    Adoption,
    Assignment,
    AssignmentRole,
    ContactMeans,
    Delivery,
    Division,
    OnPoint,
    Post,
    Publication,
    ResultClass,
    ReturnGround,
    Satisfaction,
    Stage,
    Unit,
)
from .scopes import deliveries_to_rate

MOST = 50
MOST_FILES = 10
#: 审定公开时的两种方式；不公开的另办
PUBLISHABLE = [(one.value, one.label) for one in (Publication.FULL, Publication.SUMMARY)]


def words(label: str, most: int, *, needed: bool = True, **kwargs) -> serializers.CharField:
    """一段文字；可以不填的，不填即空。"""
    if not needed:
        kwargs = {"required": False, "default": "", "allow_blank": True, **kwargs}
    return serializers.CharField(label=label, max_length=most, **kwargs)


def files(label: str) -> serializers.ListField:
    """几份文件（multipart/form-data）。"""
    return serializers.ListField(
        child=serializers.FileField(label=label, max_length=200), label=label, required=False, default=list,
        max_length=MOST_FILES,
    )


class ChoiceInput(Input):
    """一个单位和它的角色。"""

    unit = serializers.PrimaryKeyRelatedField(queryset=Unit.objects.select_related("successor"), label="单位")
    role = serializers.ChoiceField(choices=AssignmentRole.choices, label="角色")
    part = words("各自办理内容", 200, needed=False)


class ProposeInput(Input):
    """拟交办。"""

    choices = ChoiceInput(many=True, label="单位", max_length=MOST, allow_empty=False)


class AssignInput(Input):
    """交办；不给单位就按拟交办。"""

    choices = ChoiceInput(many=True, label="单位", required=False, max_length=MOST)


class UnassignInput(Input):
    """撤销交办。"""

    reason = words("理由", 300)


class ReturnInput(Input):
    """申请退回。"""

    ground = serializers.ChoiceField(choices=ReturnGround.choices, label="理由类别")
    reason = words("理由", 2000)
    proposed_unit = serializers.PrimaryKeyRelatedField(
        queryset=Unit.objects.select_related("successor"), label="建议承办单位"
    )
    head_signed = serializers.BooleanField(label="主要负责人已审签", default=False)


class ReturnDecision(Input):
    """裁决退回。"""

    granted = serializers.BooleanField(label="同意改办")
    note = words("裁决意见", 1000, needed=False)
    new_unit = serializers.PrimaryKeyRelatedField(
        queryset=Unit.objects.select_related("successor"), label="改由哪个单位承办", required=False, allow_null=True
    )
    keep_deadline = serializers.BooleanField(
        label="保持原期限", required=False, allow_null=True, help_text="不填即按本次会议的规则"
    )


class ExtensionInput(Input):
    """申请延期。"""

    asked_until = serializers.DateField(label="申请延至")
    reason = words("理由", 1000)
    deputy_told_on = serializers.DateField(label="告知代表的日期")
    deputy_told_how = words("告知方式", 60)


class ExtensionDecision(Input):
    """批复延期。"""

    granted = serializers.BooleanField(label="同意延期")
    granted_until = serializers.DateField(label="批准延至", required=False, allow_null=True)
    note = words("批复意见", 1000, needed=False)


class AllotInput(Input):
    """分派：五定。"""

    lead_division = serializers.PrimaryKeyRelatedField(queryset=Division.objects.all(), label="牵头处室")
    assist_divisions = References(queryset=Division.objects.all(), label="参与处室", required=False, default=list)
    officer = serializers.PrimaryKeyRelatedField(queryset=Post.objects.all(), label="具体承办人")
    responsible_leader = serializers.PrimaryKeyRelatedField(queryset=Post.objects.all(), label="责任领导")
    inner_due_on = serializers.DateField(label="内部时限")
    quality_goal = words("质量要求", 100)
    task_note = words("任务要点", 200)


class ActivityInput(Input):
    """记一次沟通；可以涉及本单位的几件。"""

    assignments = References(
        queryset=Assignment.objects.all(), visible=True, label="涉及的承办关系", allow_empty=False
    )
    kind = serializers.ChoiceField(choices=ActivityKind.choices, label="方式")
    stage = serializers.ChoiceField(choices=Stage.choices, label="阶段", required=False)
    happened_on = serializers.DateField(label="日期")
    members = References(queryset=Post.objects.select_related("unit"), label="单位参加人", allow_empty=False)
    deputies = References(queryset=Deputy.objects.all(), label="代表", allow_empty=False)
    content = words("内容", 2000)
    place = words("地点", 100, needed=False)
    deputy_view = words("代表意见", 1000, needed=False)
    photos = files("照片或附件")


class ActivityCorrection(Input):
    """更正沟通记录：只改给了的。"""

    reason = words("更正的理由", 200)
    kind = serializers.ChoiceField(choices=ActivityKind.choices, label="方式", required=False)
    stage = serializers.ChoiceField(choices=Stage.choices, label="阶段", required=False)
    happened_on = serializers.DateField(label="日期", required=False)
    content = words("内容", 2000, required=False)
    place = words("地点", 100, required=False, allow_blank=True)
    deputy_view = words("代表意见", 1000, required=False, allow_blank=True)


class OpinionInput(Input):
    """会办意见草稿；送出前齐。"""

    text = words("会办意见", 6000, needed=False)
    document_number = words("文号", 40, needed=False)
    signed_by = words("签发人", 60, needed=False)
    files = files("附件")


class AskAgainInput(Input):
    """要求重提。"""

    reason = words("要求重提的理由", 500)


class AdoptionInput(Input):
    """处理会办意见。"""

    adoption = serializers.ChoiceField(choices=Adoption.choices, label="采纳情况")
    note = words("未全部采纳的理由", 200, needed=False)


class AdoptionOfInput(AdoptionInput):
    """在存答复时一并处理的一份会办意见。"""

    opinion = serializers.IntegerField(label="会办意见", min_value=1, max_value=2**53)


class ItemInput(Input):
    """对一条具体建议的回应；件上没有分条的不填 request。"""

    request = serializers.IntegerField(
        label="具体建议", min_value=1, max_value=2**53, required=False, allow_null=True, default=None
    )
    adoption = serializers.ChoiceField(
        choices=Adoption.choices, label="采纳情况", required=False, default="", allow_blank=True
    )
    text = words("回应", 5000, needed=False)


class PromiseInput(Input):
    """一项承诺。"""

    text = words("承诺事项", 200)
    due_on = serializers.DateField(label="完成时限")
    responsible = words("责任处室和责任人", 60)


class ReplyInput(Input):
    """存答复草稿：给了的才改；带上打开时的版次（还没有起草的为 0）。"""

    version = serializers.IntegerField(label="版次", min_value=0, max_value=10**6)
    result_class = serializers.PrimaryKeyRelatedField(
        queryset=ResultClass.objects.filter(is_active=True), label="办理结果类别", required=False, allow_null=True
    )
    opening = words("开头", 1000, required=False, allow_blank=True)
    closing = words("结尾", 500, required=False, allow_blank=True)
    assist_note = words("会办意见采纳情况", 2000, required=False, allow_blank=True)
    explanation = words("暂不能解决的原因", 3000, required=False, allow_blank=True)
    publication = serializers.ChoiceField(
        choices=Publication.choices, label="公开方式", required=False, allow_blank=True
    )
    publication_reason = words("不公开的理由", 200, required=False, allow_blank=True)
    summary = words("公开摘要", 3000, required=False, allow_blank=True)
    contact_name = words("联系人", 60, required=False, allow_blank=True)
    contact_phone = words("联系电话", 40, required=False, allow_blank=True)
    missing_opinions_reason = words("会办意见未齐先答复的理由", 200, required=False, allow_blank=True)
    copied_to = serializers.ListField(
        child=serializers.CharField(label="抄送", max_length=60), label="抄送", required=False, max_length=MOST
    )
    items = ItemInput(many=True, label="逐条回应", required=False, max_length=MOST)
    promises = PromiseInput(many=True, label="承诺事项", required=False, max_length=20)
    adoptions = AdoptionOfInput(many=True, label="会办意见采纳", required=False, max_length=MOST)


class ApprovalInput(Input):
    """审签：带上看到的版次。"""

    version = serializers.IntegerField(label="版次", min_value=0, max_value=10**6)
    opinion = words("意见", 1000, needed=False)


class SendBackInput(ApprovalInput):
    """退回修改：写明改什么。"""

    opinion = words("要修改什么", 1000)


class DelegateInput(Input):
    """转请代审。"""

    post = serializers.PrimaryKeyRelatedField(queryset=Post.objects.all(), label="转请何人")
    note = words("原因", 300)


class HandedInput(Input):
    """一名代表的送达情况。"""

    delivery = serializers.PrimaryKeyRelatedField(queryset=Delivery.objects.all(), label="送达")
    means = serializers.ChoiceField(
        choices=Delivery.Means.choices, label="送达方式", required=False, default="", allow_blank=True
    )
    delivered_on = serializers.DateField(label="送达日期", required=False, allow_null=True, default=None)
    undeliverable = words("无法送达的原因", 100, needed=False)

    def validate(self, data: dict) -> dict:
        sent = bool(data["means"]) and bool(data["delivered_on"])
        if sent == bool(data["undeliverable"]):
            raise serializers.ValidationError("写送达方式和日期，或者写无法送达的原因")
        return data


class DeliverInput(Input):
    """登记送达，可以分几次。"""

    deliveries = HandedInput(many=True, label="送达", max_length=200, allow_empty=False)


class VoidInput(Input):
    """作废。"""

    reason = words("作废的理由", 200)


class PublishInput(Input):
    """公开。"""

    published_as = serializers.ChoiceField(
        choices=PUBLISHABLE, label="公开方式", required=False, default="", help_text="不填即按单位意见",
    )
    summary = words("公开摘要", 3000, required=False, default=None, allow_null=True)
    addresses_checked = serializers.BooleanField(label="像住址的文字已看过", default=False)


class WithholdInput(Input):
    """不予公开。"""

    reason = words("不予公开的理由", 200)


class TakeDownInput(Input):
    """撤下。"""

    reason = words("撤下的原因", 200)


class OwnDelivery(serializers.PrimaryKeyRelatedField):
    """此人能填办理意见表的一份送达。"""

    def get_queryset(self):
        return deliveries_to_rate(self.context["request"].user)


class EvaluationInput(Input):
    """代表填办理意见表。提交即为最终。"""

    delivery = OwnDelivery(queryset=Delivery.objects.none(), label="送达")
    attitude = serializers.ChoiceField(choices=Satisfaction.choices, label="办理态度")
    outcome = serializers.ChoiceField(choices=Satisfaction.choices, label="办理结果")
    overall = serializers.ChoiceField(choices=Satisfaction.choices, label="总体评价")
    opinion = words("具体意见", 2000, needed=False)
    reasons = serializers.ListField(
        child=serializers.CharField(label="不满意的方面", max_length=60), label="不满意的方面", required=False,
        default=list, max_length=20,
    )
    contact_means = serializers.MultipleChoiceField(
        choices=ContactMeans.choices, label="听取意见的方式", required=False, default=list
    )
    on_point = serializers.ChoiceField(
        choices=OnPoint.choices, label="答复是否针对所提问题", required=False, default="", allow_blank=True
    )
    agrees_to_publish = serializers.BooleanField(label="同意公开评价", required=False, allow_null=True, default=None)

    def validate_contact_means(self, value) -> list[str]:
        return sorted(value)


class ProxyEvaluationInput(EvaluationInput):
    """联工委凭代表签名的纸质表代录。"""

    scan = serializers.FileField(label="纸质意见表扫描件", max_length=200)
    signed_on = serializers.DateField(label="评价日期", required=False)
