"""测试自己的规矩：不出网，数据目录不在仓库里。"""
import socket

import pytest

from tests.conftest import OutgoingConnection


def test_tests_cannot_leave_this_machine():
    with socket.socket() as outside, pytest.raises(OutgoingConnection):
        outside.connect(("192.0.2.1", 80))


def test_this_machine_itself_can_be_reached():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def test_data_of_tests_stays_out_of_the_project(settings):
    assert settings.BASE_DIR not in settings.VAR_DIR.parents
