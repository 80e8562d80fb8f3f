"""make run 的各步：端口、演示账号表、进程没了就停。整套跑起来的一遍在 test_serve_whole.py。"""
import json
import socket
import subprocess
import sys

import pytest

from lianluo.operations import processes, serving


def test_a_port_in_use_is_said_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(serving.Halt, match=f"端口 {port} 已被占用，换一个：PORT={port + 1} make run"):
            serving.check_port(port)
    serving.check_port(port)


def test_a_number_that_is_no_port_is_said():
    with pytest.raises(serving.Halt, match="PORT=70000 不是端口号"):
        serving.check_port(70000)


def test_the_accounts_table_lines_up(tmp_path):
    path = tmp_path / "demo_accounts.json"
    assert serving.accounts_table(path) == ""
    rows = [
        {"label": "联工委", "username": "lian", "password": "a1"},
        {"label": "省水利厅经办", "username": "shuili", "password": "b2"},
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    assert serving.accounts_table(path).splitlines() == [
        "  身份          账号    密码",
        "  联工委        lian    a1",
        "  省水利厅经办  shuili  b2",
    ]


def test_one_child_gone_stops_the_whole_with_its_name():
    child = processes.start("定时任务", [sys.executable, "-c", "raise SystemExit(3)"], stderr=subprocess.DEVNULL)
    child.process.wait()
    with pytest.raises(serving.Halt, match="定时任务已停止（退出码 3）"):
        serving.check_children([child])


@pytest.mark.django_db
def test_an_existing_database_is_not_seeded_again(monkeypatch):
    monkeypatch.setattr(serving, "has_users", lambda: True)
    monkeypatch.setattr(processes, "start", lambda *_, **__: pytest.fail("不该再生成演示数据"))
    serving.seed([], print)


def test_a_failed_seed_is_said_and_does_not_stop_the_start(monkeypatch):
    said = []
    monkeypatch.setattr(serving, "has_users", lambda: False)
    monkeypatch.setattr(serving, "manage", lambda *_: [sys.executable, "-c", "raise SystemExit(1)"])
    serving.seed([], said.append)
    assert said[-1] == "演示数据没有生成，系统是空的；原因见上方"
