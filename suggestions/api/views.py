"""提出一层的接口：件与它的各步、代表、代表团、分类、会议。"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from lianluo.accounts.roles import ADMINISTRATORS
from lianluo.congresses.models import Session
from lianluo.rest.resources import Resource, post
from lianluo.statemachine import Incomplete, Missing
from lianluo.workdays import clock

from .. import access
from ..actions import drafting, entering, grouping, registering
from ..actions.cosigning import confirm_cosign, refuse_cosign
from ..filters import DEFAULT_ORDERING, ORDERINGS, SuggestionFilter
from ..models import Category, CoSigner, Delegation, Deputy, Suggestion, SuggestionStatus
from . import inputs
from . import serializers as outputs
from .filters import DeputyFilter

IN_HAND = (SuggestionStatus.DRAFT, SuggestionStatus.COSIGNING, SuggestionStatus.RETURNED)
CASE = outputs.SuggestionDetail
NEW = PolymorphicProxySerializer(
    component_name="NewSuggestion", serializers=[inputs.NewIntake, inputs.DraftInput], resource_type_field_name=None
)
CHANGE = PolymorphicProxySerializer(
    component_name="ChangedSuggestion", serializers=[inputs.IntakeChange, inputs.DraftChange],
    resource_type_field_name=None,
)


def own_case(user, pk: int) -> Suggestion:
    """本人领衔的一件：看不到 404，联名的只能看 403。"""
    case = access.access_suggestion(user, pk)
    if not is_lead(user, case):
        raise PermissionDenied("这件由领衔代表办理")
    return case


def is_lead(user, case: Suggestion) -> bool:
    deputy = access.deputy_of(user)
    return deputy is not None and case.lead_deputy_id == deputy.pk


class SuggestionResource(Resource):
    """件。"""

    slug, noun, model = "suggestion", "建议", Suggestion
    row_class, output_class = outputs.SuggestionRow, outputs.SuggestionDetail
    filterset_class = SuggestionFilter
    orderings, default_ordering = ORDERINGS, DEFAULT_ORDERING

    def rows(self, found: QuerySet) -> QuerySet:
        return found.select_related("session", "lead_deputy", "delegation", "category").defer("body")

    def details(self, found: QuerySet) -> QuerySet:
        cosigners = CoSigner.objects.select_related("deputy").order_by("position", "pk")
        return found.select_related(
            "session", "lead_deputy", "delegation", "category", "merged_into__session"
        ).prefetch_related("requests", "dues", Prefetch("cosigners", cosigners))

    @extend_schema(
        summary="录入一件（工作人员），或者起草一件（代表）", request=NEW, responses={201: CASE},
        description="有录入权限的，按纸质件录入并提交；代表本人，存成自己的草稿。",
    )
    def create(self, request) -> Response:
        self.success = status.HTTP_201_CREATED
        if access.may(request.user, "intake"):
            data = self.checked(inputs.NewIntake)
            if "number" in data and not access.may(request.user, "review"):
                raise PermissionDenied("编号由审查登记的人给")
            return self.do(lambda given: entering.enter_suggestion(given, **self.by), data)
        deputy = access.deputy_of(request.user)
        if deputy is None:
            raise PermissionDenied("件由代表提出，或者由人大办理人员录入")
        data = {**self.checked(inputs.DraftInput), "lead_deputy": deputy}
        return self.do(lambda given: drafting.save_draft(given, **self.by), data)

    @extend_schema(summary="改草稿（代表），或者更正录入（工作人员）", request=CHANGE, responses={200: CASE})
    def partial_update(self, request, pk) -> Response:
        case = access.access_suggestion(request.user, pk)
        if is_lead(request.user, case) and case.status in IN_HAND:
            return self._change_draft(case)
        if not access.may(request.user, "edit"):
            raise PermissionDenied("这件不归此账号更正")
        data = _with_revision(self.checked(inputs.IntakeChange, partial=True))
        revision = data.pop("revision")
        return self.do(lambda given: entering.correct_entry(case, given, revision=revision, **self.by), data)

    def _change_draft(self, case: Suggestion) -> Response:
        data = _with_revision(self.checked(inputs.DraftChange, partial=True))
        revision = data.pop("revision")
        data["raised_during"] = drafting.raised_during_on(case.session, clock.today())
        return self.do(lambda given: drafting.save_draft(given, suggestion=case, revision=revision, **self.by), data)

    @extend_schema(summary="丢弃从未提交过的草稿", request=None, responses={204: None})
    def destroy(self, request, pk) -> Response:
        drafting.discard_draft(own_case(request.user, pk), **self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    # ── 代表 ──
    @post("ask-cosigners", says="送联名代表确认", gives=CASE)
    def ask_cosigners(self, request, pk):
        case = own_case(request.user, pk)
        return self.do(lambda data: drafting.open_cosigning(case, **self.by))

    @post("take-back", says="收回修改", gives=CASE)
    def take_back(self, request, pk):
        case = own_case(request.user, pk)
        return self.do(lambda data: drafting.take_back(case, **self.by))

    @post("cosign", inputs.CosignInput, says="确认或谢绝联名", gives=CASE)
    def cosign(self, request, pk):
        case = access.access_suggestion(request.user, pk)
        row = case.cosigners.filter(deputy=access.deputy_of(request.user)).select_related("deputy").first()
        if row is None:
            raise PermissionDenied("没有请此账号联名")
        return self.do(lambda data: self._cosign(case, row, data))

    def _cosign(self, case: Suggestion, row: CoSigner, data: dict) -> Suggestion:
        if data["answer"] == "yes":
            confirm_cosign(row, text_hash=data["text_hash"], **self.by)
        else:
            refuse_cosign(row, reason=data["reason"], **self.by)
        return case

    @post("submit", inputs.SubmitInput, says="提交", gives=CASE)
    def submit(self, request, pk):
        case = own_case(request.user, pk)
        return self.do(lambda data: self._submit(case, data))

    def _submit(self, case: Suggestion, data: dict) -> Suggestion:
        missing = _wish_gap(case)
        if missing and case.status in IN_HAND:
            raise Incomplete("提交前", missing)
        return drafting.submit_suggestion(case, turn_between=True, **data, **self.by)

    @post("withdraw", inputs.WithdrawInput, says="撤回", gives=CASE)
    def withdraw(self, request, pk):
        office = access.may(request.user, "withdraw")
        case = access.access_suggestion(request.user, pk) if office else own_case(request.user, pk)
        return self.do(lambda data: drafting.withdraw_suggestion(case, **data, **self.by))

    # ── 审查 ──
    @post("register", inputs.RegisterInput, says="登记编号", gives=CASE)
    def register(self, request, pk):
        case = access.access_suggestion(request.user, pk, for_="review")
        return self.do(lambda data: registering.register_suggestion(case, **data, **self.by))

    @post("return", inputs.NoteInput, says="退回代表修改", gives=CASE)
    def send_back(self, request, pk):
        case = access.access_suggestion(request.user, pk, for_="review")
        return self.do(lambda data: registering.return_to_deputy(case, **data, **self.by))

    @post("decline", inputs.DeclineInput, says="不作为建议处理", gives=CASE)
    def decline(self, request, pk):
        case = access.access_suggestion(request.user, pk, for_="review")
        return self.do(lambda data: registering.decline_suggestion(case, **data, **self.by))

    @post("merge", inputs.MergeInput, says="并案", gives=CASE)
    def merge(self, request, pk):
        case = access.access_suggestion(request.user, pk, for_="group")
        return self.do(lambda data: grouping.merge_suggestions(case, **data, **self.by))

    @post("unmerge", inputs.ReasonInput, says="解除并案", gives=CASE)
    def unmerge(self, request, pk):
        case = access.access_suggestion(request.user, pk, for_="group")
        return self.do(lambda data: grouping.unmerge(case, **data, **self.by))


def _with_revision(data: dict) -> dict:
    """改动须带打开时的版次，免得盖掉别人刚存的。"""
    if "revision" not in data:
        raise ValidationError({"revision": ["带上打开时的版次"]})
    return data


def _wish_gap(case: Suggestion) -> list[Missing]:
    """是否同意公开由代表自己选，不能空着提交。"""
    if not case.publish_wish:
        return [Missing("选择是否同意公开", code="publish_wish")]
    if case.publish_wish == "none" and not case.publish_wish_reason:
        return [Missing("填写不同意公开的理由", code="publish_wish_reason")]
    return []


class ReferenceResource(Resource):
    """基础资料：有角色的人都能看，只读。"""

    def scope(self, user) -> QuerySet:
        everyone = self.model._default_manager.all()
        return everyone if user.roles else everyone.none()


class DeputyResource(ReferenceResource):
    """代表名册。三员不看。"""

    slug, noun, model = "deputy", "代表", Deputy
    row_class = output_class = outputs.DeputyRow
    filterset_class = DeputyFilter
    orderings, default_ordering = {"name": ("pinyin", "id"), "delegation": ("delegation__position", "id")}, "name"

    def scope(self, user) -> QuerySet:
        return Deputy.objects.all() if user.roles - ADMINISTRATORS else Deputy.objects.none()

    def rows(self, found: QuerySet) -> QuerySet:
        return found.select_related("delegation")


class DelegationResource(ReferenceResource):
    slug, noun, model = "delegation", "代表团", Delegation
    row_class = output_class = outputs.DelegationRow


class CategoryResource(ReferenceResource):
    slug, noun, model = "category", "内容分类", Category
    row_class = output_class = outputs.CategoryRow


class SessionResource(ReferenceResource):
    slug, noun, model = "session", "会议", Session
    row_class = output_class = outputs.SessionRow

    def rows(self, found: QuerySet) -> QuerySet:
        return found.select_related("profile")
