# 联络：常用命令。直接 make 看说明。
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq
PORT ?= 8000
ROUNDS ?= 200
export PORT
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test drills bench lint clean

help: ## 列出命令
	@echo "联络：代表建议、批评和意见办理"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)$$/  make \1\t\2/' | expand -t 20

setup: $(VENV)/.installed ## 建虚拟环境并安装依赖
	@echo "依赖已就绪"

$(VENV)/bin/python:
	@command -v python3 >/dev/null || { echo "没有 python3。Debian 上：apt-get install python3 python3-venv"; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "需要 Python 3.11 以上，现在是 $$(python3 --version)"; exit 1; }
	@command -v git >/dev/null || echo "没有 git，不影响运行；要提交改动时：apt-get install git"
	@python3 -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "没有 python3-venv。Debian 上：apt-get install python3-venv"; exit 1; }
	@echo "正在建虚拟环境 $(VENV)…"
	@python3 -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "正在安装依赖…"
	@$(PIP) install -r requirements.txt || { echo "依赖没有装成，检查网络或软件源后再 make setup"; exit 1; }
	@touch $@

setup-dev: $(VENV)/.installed-dev ## 再安装测试与检查用的依赖
	@echo "测试用的依赖已就绪"

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "正在安装测试用的依赖…"
	@$(PIP) install -r requirements-dev.txt || { echo "测试用的依赖没有装成，检查网络或软件源后再试"; exit 1; }
	@touch $@

run: setup ## 在本机运行，浏览器打开 http://127.0.0.1:8000（换端口：PORT=8010 make run）
	@exec $(PY) manage.py serve --with-parent

test: setup-dev ## 跑全部测试：SQLite 一遍，PostgreSQL 与 Redis 一遍，有 Chromium 时带浏览器测试
	@exec $(PY) -m tests.run

drills: setup-dev ## 故障演练、并发 200 轮、全年推演
	@exec $(PY) -m tests.run --drills --rounds $(ROUNDS)

bench: setup-dev ## 量速度，与空白 Django 页面相比
	@exec $(PY) -m bench.run

lint: setup-dev ## 查代码、模板与迁移
	@$(PY) -m ruff check .
	@$(PY) -m djlint templates --lint --quiet
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) -m pip --disable-pip-version-check check
	@echo "检查通过"

clean: ## 删去运行数据、缓存与测试产物（保留虚拟环境）
	@rm -rf var .ruff_cache .pytest_cache .coverage .coverage.* htmlcov
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	@echo "已清理"
