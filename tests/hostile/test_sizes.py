"""太大、太多、太深的请求：两秒内拒绝，内存不随之涨。"""
from __future__ import annotations

import resource
import time

import pytest

from tests.scene import scene  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "multipart/form-data; boundary=x"
PAGES = {"page": ("clerk", "/office/intake/new/"), "login": ("anonymous", "/login/"), "my": ("lead", "/my/new/"),
         "api": ("clerk", "/api/v1/suggestions/")}


def part(name: str, body: bytes = b"x", file: bool = True) -> bytes:
    told = f'; filename="{name}.txt"' if file else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n'.encode() + body + b"\r\n"


BIG = {
    "二十兆的 JSON": (b'{"title": "' + b"a" * 20_000_000 + b'"}', "application/json"),
    "二十兆的表单": (b"title=" + b"a" * 20_000_000, FORM),
    "一万个字段": (b"&".join(b"f%d=1" % number for number in range(10_000)), FORM),
    "一千个文件": (b"".join(part(f"f{number}") for number in range(1000)) + b"--x--\r\n", BOUNDARY),
    "一万个部分": (b"".join(part(f"f{number}", file=False) for number in range(10_000)) + b"--x--\r\n", BOUNDARY),
    "没有结尾的部分": (part("title", b"a" * 1000)[:-500], BOUNDARY),
    "很深的 JSON": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "application/json"),
    "很长的数": (b'{"number": ' + b"9" * 1_000_000 + b"}", "application/json"),
}


@pytest.mark.parametrize("what", BIG)
@pytest.mark.parametrize("where", PAGES)
def test_oversized_requests_are_refused_quickly(scene, what, where):  # noqa: F811
    (body, kind), (role, url) = BIG[what], PAGES[where]
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    answer = scene.ask(role, "POST", url, data=body, content_type=kind, keep=lambda it: False)
    assert answer.status_code in {200, 400, 401, 403, 413, 415, 422}
    assert time.monotonic() - began < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000, "多用了 200 MB 以上"


@pytest.mark.parametrize("asked", ["page=1e9", "page=1000000000", "page=-1", "page=0", "page=１２", "page_size=1000000",
                                   "size=1000000", "page=99999999999999999999", "page=last", "page=1&page=2"])
@pytest.mark.parametrize("url", ["/office/suggestions/", "/unit/", "/replies/", "/contacts/", "/ledger/", "/notices/",
                                 "/api/v1/suggestions/", "/api/v1/assignments/", "/pub/"])
def test_no_page_number_makes_a_list_long(scene, url, asked):  # noqa: F811
    """C22：一页的行数不由地址栏说了算。"""
    began = time.monotonic()
    answer = scene.ask("clerk", "GET", f"{url}?{asked}")
    assert answer.status_code in {200, 302, 400, 404}
    assert answer.content.count(b"<tr") <= 110 and time.monotonic() - began < 2
