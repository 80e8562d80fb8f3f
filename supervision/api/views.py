"""督办一层的接口：台账、销号、进展，件的时间线。"""
from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from lianluo.rest.resources import Resource, post
from suggestions.access import access_suggestion
from suggestions.actions.attaching import add_attachment
from suggestions.models import Purpose

from ..access import access_entry
from ..actions import progress as progressing
from ..actions import signing_off
from ..filters import LedgerFilter
from ..models import LedgerEntry
from . import inputs, timeline
from . import serializers as outputs

ENTRY = outputs.LedgerDetail


class LedgerResource(Resource):
    """督办台账。"""

    slug, noun, model = "ledgerentry", "督办台账", LedgerEntry
    row_class, output_class = outputs.LedgerRow, outputs.LedgerDetail
    filterset_class = LedgerFilter
    joined = True
    orderings = {"due": ("due_on", "id"), "-due": ("-due_on", "-id"), "id": ("id",), "-id": ("-id",)}
    default_ordering = "due"

    def rows(self, found: QuerySet) -> QuerySet:
        return found.select_related("suggestion__session", "unit")

    def details(self, found: QuerySet) -> QuerySet:
        return self.rows(found).select_related("assignment", "promise__reply__assignment").prefetch_related(
            "signing_offs__applied_by", "signing_offs__decided_by", "progress__added_by"
        )

    @post("apply", inputs.ApplyInput, says="申请销号", gives=ENTRY)
    def apply(self, request, pk):
        entry = access_entry(request.user, pk, for_="apply")
        return self.do(lambda data: self._apply(entry, data))

    def _apply(self, entry: LedgerEntry, data: dict) -> LedgerEntry:
        evidence = [self._keep(entry, upload) for upload in data["evidence"]]
        signing_off.apply_sign_off(entry, statement=data["statement"], evidence=evidence, **self.by)
        return entry

    def _keep(self, entry: LedgerEntry, upload):
        return add_attachment(
            entry.suggestion, upload, purpose=Purpose.EVIDENCE, about=f"ledger:{entry.pk}", actor=self.request.user
        )

    @post("grant", inputs.GrantInput, says="核准销号", gives=ENTRY)
    def grant(self, request, pk):
        entry = access_entry(request.user, pk, for_="decide")
        return self.do(lambda data: signing_off.grant_sign_off(entry, **data, **self.by))

    @post("refuse", inputs.RefuseInput, says="不予销号", gives=ENTRY)
    def refuse(self, request, pk):
        entry = access_entry(request.user, pk, for_="decide")
        return self.do(lambda data: signing_off.refuse_sign_off(entry, **data, **self.by))

    @post("reopen", inputs.ReopenInput, says="恢复挂账", gives=ENTRY)
    def reopen(self, request, pk):
        entry = access_entry(request.user, pk, for_="reopen")
        return self.do(lambda data: signing_off.reopen_entry(entry, **data, **self.by))

    @post("progress", inputs.ProgressInput, says="报进展", gives=ENTRY)
    def progress(self, request, pk):
        entry = access_entry(request.user, pk, for_="progress")
        return self.do(lambda data: self._progress(entry, data))

    def _progress(self, entry: LedgerEntry, data: dict) -> LedgerEntry:
        upload = data.pop("evidence", None)
        evidence = self._keep(entry, upload) if upload else None
        progressing.add_progress(entry, **data, evidence=evidence, **self.by)
        return entry


class Timeline(GenericAPIView):
    """一件的时间线，新的在前；单位内部的审签经过只给本单位。"""

    noun = "建议"
    queryset = LedgerEntry.objects.none()
    serializer_class = outputs.TimelineRow
    filter_backends = ()

    @extend_schema(
        summary="一件的时间线", operation_id="suggestions_timeline_list",
        parameters=[OpenApiParameter("pk", int, OpenApiParameter.PATH, description="件的编号")],
        responses={200: outputs.TimelineRow(many=True)},
    )
    def get(self, request, pk: int) -> Response:
        case = access_suggestion(request.user, pk)
        page = self.paginate_queryset(timeline.seen_by(request.user, case))
        return self.get_paginated_response(outputs.TimelineRow(page, many=True).data)
