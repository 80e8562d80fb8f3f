"""测试用的设置：与正式同一份，只换数据目录、数据库与哈希强度。

``TEST_DATABASE_URL`` 与 ``TEST_REDIS_URL`` 不设时用 SQLite、不用 Redis；``make test`` 会带着它们再跑一遍。
"""
import atexit
import os
import shutil
import tempfile


def own_database(url: str) -> str:
    """给的库往前数，第几个进程用第几个。"""
    place, _, number = url.rpartition("/")
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{place}/{int(number) - worker}"


_var = tempfile.mkdtemp(prefix="lianluo-test-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
os.environ.update(
    LIANLUO_VAR=_var,
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_var}/lianluo.sqlite3",
    REDIS_URL=os.environ.get("TEST_REDIS_URL") or "",
    SECRET_KEY="test-" * 12,
    DEBUG="0", LIANLUO_HTTPS="0", LIANLUO_SECOND_FACTOR="0", LIANLUO_DEMO="0",
    EMAIL_URL="memorymail://",
    LIANLUO_API_RATE="100000/min",
    STATICFILES_STORAGE="django.contrib.staticfiles.storage.StaticFilesStorage",
)

from lianluo.settings import *  # noqa: E402, F403
from lianluo.settings import DATABASES, VAR_DIR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # 用文件而不是内存库：浏览器测试与并发测试才有各自的连接。
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
if os.environ["REDIS_URL"]:
    # 并行的各进程各用一个 Redis 库：清缓存清的是整个库。
    CACHES["default"]["LOCATION"] = own_database(os.environ["REDIS_URL"])  # noqa: F405
