"""/healthz 与 /readyz：答得上话、迁移齐了才 200；不带口令与业务内容；一项不通不拖住别项。"""
import json

import pytest
from django.db import OperationalError

from lianluo.operations import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget():
    health._applied.clear()


def test_healthz_answers_without_login(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert json.loads(response.content) == {"status": "ok", "checks": {"database": "ok", "migrations": "ok"}}
    assert "no-store" in response["Cache-Control"]


def test_it_is_503_when_the_database_is_away(client, monkeypatch):
    def away():
        raise OperationalError("口令在这里 secret")

    away.__name__ = "database"
    monkeypatch.setattr(health, "database", away)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert json.loads(response.content)["checks"] == {"database": "failed", "migrations": "failed"}
    assert b"secret" not in response.content


def test_it_is_503_when_a_migration_is_missing(client, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["还没有执行"])
    assert client.get("/healthz").status_code == 503


def test_only_reading_methods(client):
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


def test_readyz_adds_queue_and_disk_and_lists_what_needs_a_look(client):
    body = json.loads(client.get("/readyz").content)
    assert set(body["checks"]) == {"database", "migrations", "queue", "disk"}
    assert any("还没有运行过" in sentence for sentence in body["warnings"])


def test_a_redis_that_refuses_makes_it_not_ready_but_alive(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
