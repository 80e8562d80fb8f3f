"""网页服务的进程安排，make run 与正式部署共用。

两个进程对两个核；每个进程四个线程，上传与慢客户端占着线程时别人不等。写入由数据库排队，
线程再多也不会更快，只会多占连接（2×4 共 8 条）。
"""
import os

from lianluo.operations.processes import die_with_parent

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 5 if os.environ.get("LIANLUO_DEMO") == "1" else 30
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 8190
limit_request_fields = 100
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
loglevel = "warning"
accesslog = os.environ.get("ACCESS_LOG") or None


def post_fork(server, worker):
    """工作进程随主进程一起结束。"""
    die_with_parent(server.pid)
