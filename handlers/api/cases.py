"""件上属于办理一层的几步：拟交办、交办、撤销交办；和时限怎样算出来的。"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from lianluo.rest.resources import Writing
from suggestions.access import access_suggestion
from suggestions.api.serializers import CaseRef, SuggestionDetail
from suggestions.models import Suggestion

from .. import access
from ..actions import assigning
from ..choosing import Choice
from ..views.dues import KINDS
from . import inputs


class CaseStep(Writing, GenericAPIView):
    """件上的一步。"""

    noun = "建议"
    capability = ""
    refused = ""
    queryset = Suggestion.objects.none()

    def case(self, pk: int) -> Suggestion:
        found = access_suggestion(self.request.user, pk)
        if not access.may(self.request.user, self.capability):
            raise PermissionDenied(self.refused)
        return found


def _choices(data: dict) -> list[Choice] | None:
    rows = data.get("choices")
    return None if rows is None else [Choice(**row) for row in rows]


class Propose(CaseStep):
    """拟交办：联工委、政府办公厅。"""

    input_class = inputs.ProposeInput
    capability, refused = "propose", "拟交办由联工委和政府办公厅办理"

    @extend_schema(summary="拟交办", request=inputs.ProposeInput, responses={200: SuggestionDetail})
    def post(self, request, pk) -> Response:
        case = self.case(pk)
        return self.do(lambda data: self._propose(case, data))

    def _propose(self, case: Suggestion, data: dict) -> Suggestion:
        assigning.propose_assignment(case, choices=_choices(data), **self.by)
        return case


class Assign(CaseStep):
    """交办：联工委。"""

    input_class = inputs.AssignInput
    capability, refused = "assign", "交办由联工委办理，政府办公厅可以拟交办"

    @extend_schema(
        summary="交办", description="不给 choices 就按拟交办。", request=inputs.AssignInput,
        responses={200: SuggestionDetail},
    )
    def post(self, request, pk) -> Response:
        case = self.case(pk)
        return self.do(lambda data: self._assign(case, data))

    def _assign(self, case: Suggestion, data: dict) -> Suggestion:
        assigning.assign_suggestion(case, choices=_choices(data), **self.by)
        return case


class Unassign(CaseStep):
    """撤销交办：还没有单位签收时。"""

    input_class = inputs.UnassignInput
    capability, refused = "assign", "撤销交办由联工委办理"

    @extend_schema(summary="撤销交办", request=inputs.UnassignInput, responses={200: SuggestionDetail})
    def post(self, request, pk) -> Response:
        case = self.case(pk)
        return self.do(lambda data: assigning.unassign_suggestion(case, **data, **self.by))


class StepRow(serializers.Serializer):
    """逐日的一步。"""

    day = serializers.DateField(label="日期")
    counted = serializers.BooleanField(label="计入")
    reason = serializers.CharField(label="缘由")


class DueExplanation(serializers.Serializer):
    """一条时限怎样算出来的。"""

    name = serializers.CharField(label="名称")
    suggestion = CaseRef(label="件")
    unit_name = serializers.CharField(label="承办单位")
    start_on = serializers.DateField(label="起算日")
    due_on = serializers.DateField(label="到期日")
    provisional = serializers.BooleanField(label="暂定")
    basis = serializers.CharField(label="依据")
    own_choice = serializers.BooleanField(label="本项目选定")
    matches_stored = serializers.BooleanField(label="与存下的一致")
    sentences = serializers.ListField(child=serializers.CharField(), label="逐句说明")
    steps = StepRow(many=True, label="逐日")


class Due(GenericAPIView):
    """一条时限的说明：看得到件的人都看得到。"""

    noun = "时限"
    serializer_class = DueExplanation
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        summary="怎样算出来的", operation_id="dues_retrieve",
        parameters=[
            OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(KINDS), description="属于承办关系还是件"),
            OpenApiParameter("pk", int, OpenApiParameter.PATH, description="时限的编号"),
        ],
        responses={200: DueExplanation},
    )
    def get(self, request, kind: str, pk: int) -> Response:
        if kind not in KINDS:
            raise Http404("没有这种时限")
        model, owner = KINDS[kind]
        due = get_object_or_404(model.objects.select_related(owner), pk=pk)
        owned = getattr(due, owner)
        case = access_suggestion(request.user, owned.suggestion_id if kind == "assignment" else owned.pk)
        return Response(DueExplanation(_explained(due, case, getattr(owned, "unit_name", ""))).data)


def _explained(due, case: Suggestion, unit_name: str) -> dict:
    found = due.explain()
    return {
        "name": getattr(due, "name", "") or f"{due.get_rule_code_display()}期限", "suggestion": case,
        "unit_name": unit_name, "start_on": due.start_on, "due_on": due.due_on, "provisional": due.provisional,
        "basis": found.basis, "own_choice": found.own_choice, "matches_stored": found.matches_stored,
        "sentences": found.sentences, "steps": found.steps,
    }
