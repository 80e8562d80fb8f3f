"""网页服务的进程安排，make run 与正式部署共用。

每个核两个进程、一进程一个线程：Python 的线程要轮流拿同一把锁，每查一次库就交接一次，
实测同样两个核上四个单线程进程比两个四线程进程每秒多答一到两成。慢客户端由前面的 nginx 缓着，
不会占住进程；写入由数据库排队。核多的机器用 WEB_CONCURRENCY 定。
"""
import os

from lianluo.operations.processes import die_with_parent

workers = int(os.environ.get("WEB_CONCURRENCY", "4"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "1"))
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
