"""后台测试的人：同样的角色，外加“可进后台”。"""
from __future__ import annotations

import pytest
from django.urls import reverse

from lianluo.accounts.models import User
from tests.world import make_user


@pytest.fixture
def staff(world):
    """``staff("npc_office")``：有这个角色、可进后台的一个新人；没有角色的只有标记。"""

    def make(*roles: str) -> User:
        name = "-".join(roles) or "none"
        return make_user(f"staff-{name}", f"后台{name}", *roles, congress=world.congress, is_staff=True)

    return make


@pytest.fixture
def enter(client, staff):
    """以某个角色进后台，返回浏览器。"""

    def log_in(*roles: str):
        client.force_login(staff(*roles))
        return client

    return log_in


def admin_url(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
