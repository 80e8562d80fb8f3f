"""通知测试的人与时刻：2026-11-24 是星期二，28 日星期六；10 月 10 日是星期六调休上班。"""
import copy
from datetime import datetime

import pytest

from lianluo.accounts.models import User
from lianluo.notices.posting import post
from lianluo.workdays.clock import BEIJING


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


@pytest.fixture
def texts(settings, tmp_path):
    """往通知模板里放一份：``texts("kind", "标题\\n正文")``。"""
    folder = tmp_path / "texts"
    (folder / "notices").mkdir(parents=True)
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].insert(0, folder)
    settings.TEMPLATES = templates

    def write(kind: str, text: str) -> None:
        (folder / "notices" / f"{kind.replace('.', '_')}.txt").write_text(text, encoding="utf-8")

    write("trial.sent", "{{ title }}待签收\n{{ title }}已交办，{{ days }} 日内签收。\n")
    return write


@pytest.fixture
def liu(db):
    return User.objects.create_user("liu", name="刘科长", email="liu@example.cn", phone="13800000001")


@pytest.fixture
def chen(db):
    return User.objects.create_user("chen", name="陈主任", email="chen@example.cn", phone="13800000002")


@pytest.fixture
def send(texts):
    """发一条试验通知。"""

    def _send(*people, about="assignment:1", at_time=None, **options):
        from lianluo.audit import context

        options = {"kind": "trial.sent", "context": {"title": "关于修路的建议", "days": 10}, "url": "/s/1/", **options}
        with context.of(context.Here(at=at_time)):
            return post(options.pop("kind"), about=about, recipients=people, **options)

    return _send
