"""通知的接口：只有本人的；标为已读、已处理。"""
from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from lianluo.rest.resources import Resource, post
from lianluo.web import forms
from lianluo.workdays import clock

from . import inbox
from .models import Notice


class NoticeRow(serializers.ModelSerializer):
    """一条通知。"""

    class Meta:
        model = Notice
        fields = ["id", "about", "kind", "subject", "body", "url", "urgent", "created_at", "read_at", "done_at"]


class NoticeFilter(django_filters.FilterSet):
    """未读、未处理、紧急。"""

    unread = django_filters.BooleanFilter(label="未读", field_name="read_at", lookup_expr="isnull")
    undone = django_filters.BooleanFilter(label="未处理", field_name="done_at", lookup_expr="isnull")
    urgent = django_filters.BooleanFilter(label="紧急", field_name="urgent")

    class Meta:
        model = Notice
        fields: list[str] = []
        form = forms.Form


class NoticeResource(Resource):
    """我的通知。"""

    slug, noun, model = "notice", "通知", Notice
    row_class = output_class = NoticeRow
    filterset_class = NoticeFilter
    orderings, default_ordering = {"-created": ("-created_at", "-id"), "created": ("created_at", "id")}, "-created"

    def scope(self, user) -> QuerySet:
        return Notice.objects.for_recipient(user)

    @post("read", says="标为已读", gives=NoticeRow)
    def read(self, request, pk):
        row = self.get_object()
        return self.do(lambda data: self._mark(row, inbox.mark_read))

    @post("done", says="标为已处理", gives=NoticeRow)
    def done(self, request, pk):
        row = self.get_object()
        return self.do(lambda data: self._mark(row, inbox.mark_done))

    def _mark(self, row: Notice, mark) -> Notice:
        mark(self.request.user, now=clock.now(), notice_id=row.pk)
        return row
