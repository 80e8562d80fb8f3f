"""一类资料的读与写：读从看得见的开始，写只调用动作。"""
from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import resolve, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from lianluo.workdays import clock

from .inputs import Input, Nothing
from .once import once
from .refusals import NOT_FOUND

_by_model: dict[type[Model], type[Resource]] = {}


class Writing:
    """写操作共有的：校验 → 一次事务里办动作 → 结果的详情。"""

    input_class: type[Input] = Nothing
    success: int = 200

    @cached_property
    def by(self) -> dict[str, Any]:
        """动作都要的两样：谁办的、今天是哪天。"""
        return {"actor": self.request.user, "today": clock.today()}

    def checked(self, input_class: type[Input] | None = None, **kwargs) -> dict:
        """校验过的内容。"""
        data = {} if self.request.data is None else self.request.data
        given = (input_class or self.input_class)(data=data, context=self.get_serializer_context(), **kwargs)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def do(self, act: Callable[[dict], Model], data: dict | None = None) -> Response:
        """校验 → 一次事务里办动作 → 结果的详情。"""
        given = self.checked() if data is None else data
        done = once(self.request, lambda: act(given), url_of)
        if done.first_url:
            return self._first_time(done.first_url)
        body = shown(done.result, self.request)
        return Response(body, status=self.success, headers={"Location": url_of(done.result)})

    def _first_time(self, url: str) -> Response:
        """办过了：给出第一次的结果现在的样子。"""
        match = resolve(url)
        view = _started(match.func.cls, self.request, match.kwargs)
        response = view.retrieve(self.request, **match.kwargs)
        response.status_code = self.success
        response["Location"], response["Idempotent-Replayed"] = url, "true"
        return response


class Resource(Writing, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """列表、详情，与各个写操作。子类写明 ``scope``、``rows``、``details`` 三个取数的函数。"""

    slug: ClassVar[str] = ""
    noun: ClassVar[str] = ""
    model: ClassVar[type[Model]]
    row_class: type[BaseSerializer]
    output_class: type[BaseSerializer]
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {}
    default_ordering: ClassVar[str] = ""
    #: 可见范围跨了一对多，行会重复
    joined: ClassVar[bool] = False
    lookup_value_regex = r"\d{1,18}"

    def __init_subclass__(cls, **kwargs) -> None:
        super().__init_subclass__(**kwargs)
        if "model" in cls.__dict__:
            cls.queryset = cls.model._default_manager.none()
            _by_model[cls.model] = cls

    def scope(self, user) -> QuerySet:
        """此人看得见的。"""
        return self.model._default_manager.visible_to(user)

    def rows(self, found: QuerySet) -> QuerySet:
        """列表要一并取的。"""
        return found

    def details(self, found: QuerySet) -> QuerySet:
        """详情要一并取的。"""
        return self.rows(found)

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        visible = self.scope(self.request.user)
        if self.joined:
            visible = self.model._default_manager.filter(pk__in=visible.order_by().values("pk"))
        return self.rows(visible) if self.action == "list" else self.details(visible)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return self._ordered(super().filter_queryset(queryset))

    def _ordered(self, queryset: QuerySet) -> QuerySet:
        if not self.orderings:
            return queryset
        key = self.request.query_params.get("ordering") or self.default_ordering
        if key not in self.orderings:
            raise ValidationError({"ordering": [f"没有这种排序，可用：{'、'.join(self.orderings)}"]})
        return queryset.order_by(*self.orderings[key])

    def get_object(self) -> Model:
        found = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404(NOT_FOUND)
        return found

    def get_serializer_class(self) -> type[BaseSerializer]:
        return self.row_class if self.action == "list" else self.output_class


def _started(cls: type[Resource], request, kwargs: dict) -> Resource:
    """借另一类资料的详情来用。"""
    view = cls()
    view.request, view.args, view.kwargs = request, (), kwargs
    view.action, view.format_kwarg = "retrieve", None
    return view


def url_of(obj: Model) -> str:
    """详情的地址。"""
    return reverse(f"api:{_by_model[type(obj)].slug}-detail", args=[obj.pk])


def shown(obj: Model, request) -> dict:
    """写完之后重新读出来的详情；刚办这件事的人总看得到结果。"""
    view = _started(_by_model[type(obj)], request, {"pk": obj.pk})
    fresh = view.details(type(obj)._default_manager.filter(pk=obj.pk)).get()
    return view.get_serializer(fresh).data


def post(
    path: str, takes: type[Input] = Nothing, *, says: str, gives: type[BaseSerializer], on_list: bool = False,
    success: int = 200,
):
    """一个写操作：地址的尾段、收什么、给什么、叫什么。"""
    def wrap(function):
        marked = action(
            detail=not on_list, methods=["post"], url_path=path, url_name=path, input_class=takes, success=success
        )(function)
        return extend_schema(summary=says, request=takes, responses={success: gives})(marked)

    return wrap
