"""压测客户端：长连接、几个并发、原始套接字，自身开销尽量小，免得把最快的那个压慢了。"""
from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass

REQUESTS_EACH = 25


@dataclass
class Result:
    """一轮的结果。"""

    requests: int = 0
    seconds: float = 0.0
    bad: int = 0

    @property
    def rate(self) -> float:
        """每秒请求数。"""
        return self.requests / self.seconds if self.seconds else 0.0


class _Connection:
    """一条长连接：发一个、等回完、再发；发满若干个换一条新的，好让各工作进程分到的一样多。"""

    def __init__(self, port: int, request: bytes) -> None:
        self.port, self.request = port, request
        self.open()

    @property
    def is_worn(self) -> bool:
        return self.closing or self.wanted < 0 or self.sent >= REQUESTS_EACH

    def open(self) -> None:
        self.sent = 0
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        self.sent += 1
        self.buffer, self.wanted, self.status = b"", -1, 0
        self.chunked = self.closing = False
        self.socket.sendall(self.request)

    def receive(self) -> bool:
        """收一段；回完了（或对方断开）返回真。"""
        chunk = self.socket.recv(262_144)
        self.buffer += chunk
        if self.wanted < 0 and b"\r\n\r\n" in self.buffer:
            self._read_head(self.buffer.partition(b"\r\n\r\n")[0])
        if self.chunked:
            return not chunk or self.buffer.endswith(b"0\r\n\r\n")
        return not chunk or 0 <= self.wanted <= len(self.buffer)

    def _read_head(self, head: bytes) -> None:
        lines = head.lower().split(b"\r\n")
        self.status = int(lines[0].split()[1])
        self.closing = b"connection: close" in lines
        self.chunked = b"transfer-encoding: chunked" in lines
        length = next((line for line in lines if line.startswith(b"content-length:")), b":0")
        self.wanted = len(head) + 4 + int(length.split(b":")[1])


def run(port: int, path: str, *, seconds: float, concurrency: int = 8, cookie: str = "", most: int = 200_000) -> Result:
    """对一个地址压 ``seconds`` 秒（至多 ``most`` 次）；只连本机。"""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()
    selector, result = selectors.DefaultSelector(), Result()
    connections = [_Connection(port, head) for _ in range(concurrency)]
    start = time.perf_counter()
    for one in connections:
        selector.register(one.socket, selectors.EVENT_READ, one)
        one.send()
    while time.perf_counter() - start < seconds and result.requests < most:
        for key, _ in selector.select(1):
            _take(key.data, selector, result)
    result.seconds = time.perf_counter() - start
    for one in connections:
        one.socket.close()
    return result


def _take(one: _Connection, selector, result: Result) -> None:
    if not one.receive():
        return
    result.requests += 1
    result.bad += one.wanted < 0 or one.status != 200
    if one.is_worn:
        selector.unregister(one.socket)
        one.socket.close()
        one.open()
        selector.register(one.socket, selectors.EVENT_READ, one)
    one.send()
