"""依赖与设置说明：只装 requirements.txt 也能用 Redis；.env.example 写全了每个变量。"""
import importlib.metadata
import re
import subprocess
import sys

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def lines(path):
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith(("#", "-"))]


def closure(wanted: list[str]) -> set[str]:
    """这些依赖连同它们的依赖，一直到底。"""
    found: dict[tuple[str, frozenset], None] = {}
    queue = [Requirement(line) for line in wanted]
    while queue:
        requirement = queue.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in found:
            continue
        found[key] = None
        for text in importlib.metadata.requires(requirement.name) or []:
            child = Requirement(text)
            extras = key[1] or {""}
            if child.marker is None or any(child.marker.evaluate({"extra": extra}) for extra in extras):
                queue.append(child)
    return {name for name, _ in found}


def test_redis_transport_imports_with_the_runtime_requirements_alone(settings, tmp_path):
    allowed = closure(lines(settings.BASE_DIR / "requirements.txt"))
    assert {"celery", "kombu", "redis", "packaging"} <= allowed
    for name in allowed:
        for file in importlib.metadata.files(name) or []:
            top = file.parts[0]
            link = tmp_path / top
            if not top.startswith(".") and not top.endswith(".pth") and not link.exists():
                link.symlink_to(importlib.metadata.distribution(name).locate_file(top))
    code = "import kombu.transport.redis, celery, django; import pytest"
    env = {"PYTHONPATH": str(tmp_path), "PATH": ""}
    result = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd=tmp_path, env=env)
    assert "No module named 'pytest'" in result.stderr, result.stderr


def test_negative_control_bare_celery_lacks_packaging():
    assert "packaging" not in closure(["celery", "redis", "kombu"])


def test_every_setting_is_explained_in_the_example(settings):
    source = (settings.BASE_DIR / "lianluo" / "settings.py").read_text(encoding="utf-8")
    wanted = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    example = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    given = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    assert wanted - given == set()
    assert given - wanted <= {
        "TEST_DATABASE_URL", "TEST_REDIS_URL", "WEB_CONCURRENCY", "WEB_THREADS", "FORWARDED_ALLOW_IPS", "ACCESS_LOG",
    }


def test_the_example_as_it_stands_is_the_demo(settings):
    """把示例原样复制成 .env 也能起：数据库、数据目录与 Redis 都没有写死，安全开关都关着。"""
    text = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert not {"DATABASE_URL", "LIANLUO_VAR", "REDIS_URL", "SECRET_KEY"} & set(given)
    assert (given["LIANLUO_HTTPS"], given["LIANLUO_SECOND_FACTOR"], given["DEBUG"]) == ("0", "0", "0")


def test_a_shell_can_read_the_settings_for_deployment(settings):
    """升级与备份照 deploy/README.md 用 ``. /etc/lianluo/env`` 读它。"""
    script = '. ./env.example && printf %s "$DEFAULT_FROM_EMAIL"'
    folder = settings.BASE_DIR / "deploy"
    result = subprocess.run(["sh", "-c", script], capture_output=True, text=True, cwd=folder, check=True)
    assert result.stdout == "代表建议办理 <jianyi@example.gov.cn>"


def test_passwords_of_the_deployment_stay_out_of_the_image(settings):
    """deploy/.env 里有口令：镜像只取要用的那一个文件。"""
    lines_of = (settings.BASE_DIR / "deploy" / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {source for line in lines_of if line.startswith("COPY ") for source in line.split()[1:-1]}
    assert "deploy/gunicorn.conf.py" in copied and not copied & {".", "./", "deploy", "deploy/"}
