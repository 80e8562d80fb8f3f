"""办理一层的接口：单位、承办关系、退回、延期、沟通、会办意见。答复与评价在 ``views_replies``。"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from lianluo.rest.resources import Resource, post
from lianluo.statemachine import DomainError
from suggestions.actions.attaching import add_attachment
from suggestions.api.views import ReferenceResource
from suggestions.models import Purpose

from .. import access, decisions
from ..actions import assisting, contacting, extending, planning, receiving, replying, returning
from ..filters import AssignmentFilter
from ..filters_handling import ActivityFilter
from ..models import (
    Activity,
    ActivityCase,
    Assignment,
    AssignmentRole,
    AssistOpinion,
    Extension,
    Reply,
    ResultClass,
    ReturnRequest,
    Unit,
)
from . import filters, inputs, replies, scopes
from . import serializers as outputs

CASE = ("suggestion__session", "suggestion__lead_deputy")
OF_ASSIGNMENT = ("assignment__suggestion__session", "assignment__unit")
BY_DUE = {"due": ("due_on", "id"), "-due": ("-due_on", "-id"), "id": ("id",), "-id": ("-id",)}
BY_ID = {"id": ("id",), "-id": ("-id",)}


class UnitResource(ReferenceResource):
    """承办单位。"""

    slug, noun, model = "unit", "承办单位", Unit
    row_class, output_class = outputs.UnitRow, outputs.UnitDetail
    filterset_class = filters.UnitFilter

    def details(self, found: QuerySet) -> QuerySet:
        return found.prefetch_related("divisions", "posts")


class ResultClassResource(ReferenceResource):
    """办理结果类别。"""

    slug, noun, model = "resultclass", "办理结果类别", ResultClass
    row_class = output_class = outputs.ResultClassRow


class AssignmentResource(Resource):
    """承办关系。"""

    slug, noun, model = "assignment", "承办关系", Assignment
    row_class, output_class = outputs.AssignmentRow, outputs.AssignmentDetail
    filterset_class = AssignmentFilter
    orderings, default_ordering = BY_DUE, "-id"

    def rows(self, found: QuerySet) -> QuerySet:
        return found.select_related("suggestion__session", "unit", "result_class")

    def details(self, found: QuerySet) -> QuerySet:
        return self.rows(found).select_related("responsible_leader").prefetch_related(
            "dues", "allotments__division", "allotments__officer"
        )

    @post("accept", says="签收", gives=outputs.AssignmentDetail)
    def accept(self, request, pk):
        row = access.access_assignment(request.user, pk, for_="accept")
        return self.do(lambda data: receiving.accept_assignment(row, **self.by))

    @post("return-requests", inputs.ReturnInput, says="申请退回", gives=outputs.ReturnDetail, success=201)
    def return_requests(self, request, pk):
        row = access.access_assignment(request.user, pk, for_="ask_return")
        return self.do(lambda data: receiving.request_return(row, **data, **self.by))

    @post("extensions", inputs.ExtensionInput, says="申请延期", gives=outputs.ExtensionRow, success=201)
    def extensions(self, request, pk):
        row = access.access_assignment(request.user, pk, for_="ask_extension")
        return self.do(lambda data: extending.request_extension(row, **data, **self.by))

    @post("allot", inputs.AllotInput, says="分派处室和承办人", gives=outputs.AssignmentDetail)
    def allot(self, request, pk):
        row = access.access_assignment(request.user, pk, for_="allot")
        return self.do(lambda data: planning.allot_assignment(row, **data, **self.by))

    @post("opinion", inputs.OpinionInput, says="存会办意见草稿", gives=outputs.OpinionRow)
    def opinion(self, request, pk):
        row = access.access_assignment(request.user, pk, for_="opine")
        return self.do(lambda data: self._save_opinion(row, data))

    def _save_opinion(self, row: Assignment, data: dict) -> AssistOpinion:
        uploads = data.pop("files")
        saved = assisting.save_opinion(row, **data, **self.by)
        for upload in uploads:
            add_attachment(
                row.suggestion, upload, purpose=Purpose.OPINION, about=f"opinion:{saved.pk}", actor=self.request.user
            )
        return saved

    @post("urge-opinion", says="催送会办意见", gives=outputs.AssignmentDetail)
    def urge_opinion(self, request, pk):
        row = access.access_assignment(request.user, pk)
        require_lead(request.user, row)
        return self.do(lambda data: self._urge(row))

    def _urge(self, row: Assignment) -> Assignment:
        assisting.urge_opinion(row, **self.by)
        return row

    @post("reply", inputs.ReplyInput, says="存答复草稿", gives=replies.ReplyDetail)
    def reply(self, request, pk):
        row = access.access_assignment(request.user, pk, for_="draft")
        return self.do(lambda data: self._save_reply(row, data))

    def _save_reply(self, row: Assignment, data: dict) -> Reply:
        version = data.pop("version")
        if "items" in data:
            data["items"] = {one["request"]: (one["adoption"], one["text"]) for one in data["items"]}
        if "promises" in data:
            data["promises"] = [(one["text"], one["due_on"], one["responsible"]) for one in data["promises"]]
        if "adoptions" in data:
            data["adoptions"] = {one["opinion"]: (one["adoption"], one["note"]) for one in data["adoptions"]}
        return replying.save_reply(row, data=data, version=version, **self.by)


def require_lead(user, helper: Assignment) -> None:
    """会办意见由同一件的主办单位催、要求重提、处理。"""
    lead = assisting.lead_of(helper) if helper.role == AssignmentRole.ASSIST else None
    if lead is None or not access.may_in_unit(user, lead.unit_id, "draft"):
        raise PermissionDenied("会办意见由主办单位处理")


class ReturnResource(Resource):
    """退回申请。"""

    slug, noun, model = "returnrequest", "退回申请", ReturnRequest
    row_class, output_class = outputs.ReturnRow, outputs.ReturnDetail
    filterset_class = filters.RequestFilter
    orderings, default_ordering = BY_ID, "-id"

    def scope(self, user) -> QuerySet:
        return scopes.returns_for(user)

    def rows(self, found: QuerySet) -> QuerySet:
        return found.select_related(*OF_ASSIGNMENT, "proposed_unit")

    @post("decide", inputs.ReturnDecision, says="裁决退回", gives=outputs.ReturnDetail)
    def decide(self, request, pk):
        row = self.get_object()
        disputed = returning.is_disputed(row)
        if not access.may_decide(request.user, row.assignment, disputed=disputed):
            decider = decisions.decider_name(row.assignment, is_disputed=disputed)
            raise PermissionDenied(f"这份退回由{decider}裁决")
        return self.do(lambda data: self._decide(row, data))

    def _decide(self, row: ReturnRequest, data: dict) -> ReturnRequest:
        unit = data.get("new_unit")
        if data["granted"] and unit and not decisions.units_open_to(self.request.user, [unit], row.assignment):
            raise DomainError("改交政府系统以外的单位，由联工委裁决", field="new_unit")
        return receiving.decide_return(row, **data, **self.by)


class ExtensionResource(Resource):
    """延期申请。"""

    slug, noun, model = "extension", "延期申请", Extension
    row_class = output_class = outputs.ExtensionRow
    filterset_class = filters.ExtensionFilter
    orderings, default_ordering = BY_ID, "-id"

    def scope(self, user) -> QuerySet:
        return scopes.extensions_for(user)

    def rows(self, found: QuerySet) -> QuerySet:
        return found.select_related(*OF_ASSIGNMENT)

    @post("decide", inputs.ExtensionDecision, says="批复延期", gives=outputs.ExtensionRow)
    def decide(self, request, pk):
        row = self.get_object()
        if not access.may_decide(request.user, row.assignment, disputed=False):
            raise PermissionDenied(f"这份延期由{decisions.decider_name(row.assignment)}批复")
        return self.do(lambda data: extending.decide_extension(row, **data, **self.by))


class ActivityResource(Resource):
    """沟通记录。"""

    slug, noun, model = "activity", "沟通记录", Activity
    row_class = output_class = outputs.ActivityRow
    filterset_class = ActivityFilter
    joined = True
    orderings = {"happened": ("happened_on", "id"), "-happened": ("-happened_on", "-id")}
    default_ordering = "-happened"

    def rows(self, found: QuerySet) -> QuerySet:
        visible = Assignment.objects.visible_to(self.request.user).values("pk")
        cases = ActivityCase.objects.filter(assignment__in=visible).select_related("assignment__suggestion")
        return found.contacts().select_related("unit").prefetch_related(
            Prefetch("cases", cases.order_by("id"), to_attr="seen_cases"), "deputies__deputy", "members"
        )

    @extend_schema(summary="记一次沟通", request=inputs.ActivityInput, responses={201: outputs.ActivityRow})
    def create(self, request) -> Response:
        self.success = status.HTTP_201_CREATED
        data = self.checked(inputs.ActivityInput)
        for row in data["assignments"]:
            access.access_assignment(request.user, row.pk, for_="contact")
        return self.do(self._log, data)

    def _log(self, data: dict) -> Activity:
        first = data["assignments"][0]
        data.setdefault("stage", contacting.stage_now(first))
        return contacting.log_activity(unit=first.unit, **data, **self.by)

    @post("correct", inputs.ActivityCorrection, says="更正沟通记录", gives=outputs.ActivityRow)
    def correct(self, request, pk):
        row = self.get_object()
        if not contacting.may_correct(request.user, row):
            raise PermissionDenied("沟通记录由记录人或本单位办公室更正")
        return self.do(lambda data: contacting.correct_activity(row, **data, **self.by))


class OpinionResource(Resource):
    """会办意见。"""

    slug, noun, model = "opinion", "会办意见", AssistOpinion
    row_class = output_class = outputs.OpinionRow
    filterset_class = filters.OpinionFilter
    orderings, default_ordering = BY_ID, "-id"

    def scope(self, user) -> QuerySet:
        return scopes.opinions_for(user)

    def rows(self, found: QuerySet) -> QuerySet:
        return found.select_related(*OF_ASSIGNMENT)

    @post("send", says="送主办单位", gives=outputs.OpinionRow)
    def send(self, request, pk):
        row = self.get_object()
        access.access_assignment(request.user, row.assignment_id, for_="send_opinion")
        return self.do(lambda data: assisting.send_opinion(row, **self.by))

    @post("ask-again", inputs.AskAgainInput, says="要求重提", gives=outputs.OpinionRow)
    def ask_again(self, request, pk):
        row = self.get_object()
        require_lead(request.user, row.assignment)
        return self.do(lambda data: assisting.ask_opinion_again(row, **data, **self.by))

    @post("adopt", inputs.AdoptionInput, says="处理会办意见", gives=outputs.OpinionRow)
    def adopt(self, request, pk):
        row = self.get_object()
        require_lead(request.user, row.assignment)
        return self.do(lambda data: assisting.adopt_opinion(row, **data, **self.by))
