"""接口测试的打法：经会话登录，地址只写 /api/v1 之后的一段。"""
from __future__ import annotations

import json

import pytest
from django.test import Client

ROOT = "/api/v1"


class Caller:
    """一个登录了的调用者。返回 Django 的响应，正文在 ``.json()``。"""

    def __init__(self, account, **headers) -> None:
        self.client = Client(headers=headers)
        if account is not None:
            self.client.force_login(account)

    def get(self, path: str, **params):
        return self.client.get(f"{ROOT}{path}", params)

    def post(self, path: str, data=None, **headers):
        return self.client.post(
            f"{ROOT}{path}", json.dumps(data or {}, default=str), content_type="application/json", headers=headers
        )

    def patch(self, path: str, data):
        return self.client.patch(f"{ROOT}{path}", json.dumps(data, default=str), content_type="application/json")

    def delete(self, path: str):
        return self.client.delete(f"{ROOT}{path}")

    def upload(self, path: str, data: dict):
        """multipart/form-data。"""
        return self.client.post(f"{ROOT}{path}", data)


@pytest.fixture
def call(db, var_dir):
    """``call(world.clerk).post("/suggestions/1/register/", {...})``；``call(None)`` 是没有登录的人。"""
    return Caller


def ok(response, status: int = 200) -> dict:
    """成了；正文。"""
    assert response.status_code == status, (response.status_code, response.content.decode()[:600])
    return response.json() if response.content else {}


def refused(response, status: int) -> dict:
    """拒绝了，话是中文，样子是约定的。"""
    assert response.status_code == status, (response.status_code, response.content.decode()[:600])
    body = response.json()
    assert set(body) == {"detail", "field", "missing", "errors"} and not body["detail"].isascii()
    return body
