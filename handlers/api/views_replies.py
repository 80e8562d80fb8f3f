"""答复与评价的接口。审签归谁、现在到哪一环，由动作裁定。"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import status
from rest_framework.response import Response

from lianluo.accounts.roles import Role
from lianluo.rest.resources import Resource, post
from suggestions.actions.attaching import add_attachment
from suggestions.models import Purpose

from ..access import access_reply
from ..actions import publishing, replying
from ..actions.evaluating import record_evaluation
from ..filters_handling import ReplyFilter
from ..models import Delivery, Evaluation, Reply
from . import filters, inputs, scopes
from . import replies as outputs

REPLY = outputs.ReplyDetail
RATING = PolymorphicProxySerializer(
    component_name="NewEvaluation", serializers=[inputs.EvaluationInput, inputs.ProxyEvaluationInput],
    resource_type_field_name=None,
)


class ReplyResource(Resource):
    """答复。起草在承办关系的 reply。"""

    slug, noun, model = "reply", "答复", Reply
    row_class, output_class = outputs.ReplyRow, outputs.ReplyDetail
    filterset_class = ReplyFilter
    joined = True
    orderings = {
        "due": ("assignment__due_on", "id"), "delivered": ("delivered_on", "id"),
        "-delivered": ("-delivered_on", "-id"), "-id": ("-id",),
    }
    default_ordering = "-id"

    def rows(self, found: QuerySet) -> QuerySet:
        return found.select_related("assignment__suggestion__session", "assignment__unit", "result_class")

    def details(self, found: QuerySet) -> QuerySet:
        deliveries = Delivery.objects.select_related("deputy").order_by("-is_lead", "id")
        return found.select_related(
            "assignment__suggestion__session__term", "assignment__suggestion__lead_deputy",
            "assignment__suggestion__congress", "assignment__unit", "result_class",
        ).prefetch_related("items", "promises", "approvals", Prefetch("deliveries", deliveries))

    @post("submit", says="送审", gives=REPLY)
    def submit(self, request, pk):
        reply = access_reply(request.user, pk, for_="draft")
        return self.do(lambda data: replying.submit_reply(reply, **self.by))

    @post("approve", inputs.ApprovalInput, says="同意，转下一环；最后一环即签发", gives=REPLY)
    def approve(self, request, pk):
        reply = access_reply(request.user, pk)
        return self.do(lambda data: replying.approve_reply(reply, **data, **self.by))

    @post("send-back", inputs.SendBackInput, says="退回修改", gives=REPLY)
    def send_back(self, request, pk):
        reply = access_reply(request.user, pk)
        return self.do(lambda data: replying.send_back_reply(reply, **data, **self.by))

    @post("delegate", inputs.DelegateInput, says="转请代审", gives=REPLY)
    def delegate(self, request, pk):
        reply = access_reply(request.user, pk)
        return self.do(lambda data: replying.delegate_approval(reply, **data, **self.by))

    @post("deliver", inputs.DeliverInput, says="登记送达；全部了结即为送达", gives=REPLY)
    def deliver(self, request, pk):
        reply = access_reply(request.user, pk, for_="deliver")
        return self.do(lambda data: self._deliver(reply, data["deliveries"]))

    def _deliver(self, reply: Reply, rows: list[dict]) -> Reply:
        handed = [replying.Handed(**row) for row in rows]
        return replying.record_deliveries(reply, deliveries=handed, **self.by)

    @post("void", inputs.VoidInput, says="作废，照原样另起一稿", gives=REPLY)
    def void(self, request, pk):
        reply = access_reply(request.user, pk, for_="void_reply")
        return self.do(lambda data: replying.void_reply(reply, **data, **self.by))

    @post("publish", inputs.PublishInput, says="公开", gives=REPLY)
    def publish(self, request, pk):
        reply = access_reply(request.user, pk, for_="publish")
        return self.do(lambda data: publishing.publish_reply(reply, **data, **self.by))

    @post("withhold", inputs.WithholdInput, says="不予公开", gives=REPLY)
    def withhold(self, request, pk):
        reply = access_reply(request.user, pk, for_="publish")
        return self.do(lambda data: publishing.withhold_reply(reply, **data, **self.by))

    @post("take-down", inputs.TakeDownInput, says="撤下已公开的答复", gives=REPLY)
    def take_down(self, request, pk):
        reply = access_reply(request.user, pk, for_="publish")
        return self.do(lambda data: publishing.take_down(reply, **data, **self.by))


class EvaluationResource(Resource):
    """办理意见表。代表填自己的；联工委凭纸质表代录；单位只看，不填不改（重庆第三十八条）。"""

    slug, noun, model = "evaluation", "办理意见表", Evaluation
    row_class = output_class = outputs.EvaluationRow
    filterset_class = filters.EvaluationFilter
    orderings, default_ordering = {"id": ("id",), "-id": ("-id",)}, "-id"

    def scope(self, user) -> QuerySet:
        return scopes.evaluations_for(user)

    def rows(self, found: QuerySet) -> QuerySet:
        return found.select_related("delivery__suggestion__session", "reply__assignment", "deputy")

    @extend_schema(summary="填办理意见表（代表），或者代录（联工委）", request=RATING,
                   responses={201: outputs.EvaluationRow})
    def create(self, request) -> Response:
        self.success = status.HTTP_201_CREATED
        if request.user.has_role(Role.NPC_OFFICE):
            return self.do(self._proxy, self.checked(inputs.ProxyEvaluationInput))
        if getattr(request.user, "deputy", None) is None:
            raise PermissionDenied("办理意见表由代表本人填，或者由联工委代录")
        return self.do(lambda data: record_evaluation(**data, **self.by), self.checked(inputs.EvaluationInput))

    def _proxy(self, data: dict) -> Evaluation:
        case = data["delivery"].reply.assignment.suggestion
        scan = add_attachment(
            case, data.pop("scan"), purpose=Purpose.EVALUATION, about=f"delivery:{data['delivery'].pk}",
            actor=self.request.user,
        )
        return record_evaluation(**data, by_proxy=True, scan=scan, **self.by)
