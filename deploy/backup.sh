#!/usr/bin/env bash
# 备份：数据库、上传件、留痕锚定，一份一个目录，带校验和。
# 用法：DATABASE_URL=… LIANLUO_VAR=… deploy/backup.sh 备份目录 [保留天数，缺省 30]
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
target=${1:?用法：deploy/backup.sh 备份目录 [保留天数]}
keep=${2:-30}
var=${LIANLUO_VAR:-$here/var}
url=${DATABASE_URL:-sqlite:///$var/lianluo.sqlite3}
python=${PYTHON:-$here/.venv/bin/python}
name=lianluo-$(date +%Y%m%d-%H%M%S)
work=$target/.$name.part

umask 077
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT

# 先库后文件：上传件只增不改，后备的文件必定包含库里提到的每一个
case $url in
  postgres*) pg_dump --format=custom --no-owner --no-privileges --file="$work/database.dump" "$url" ;;
  sqlite://*) "$python" - "${url#sqlite:///}" "$work/database.sqlite3" <<'PY'
import sqlite3, sys
source, copy = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True), sqlite3.connect(sys.argv[2])
source.backup(copy)
copy.close()
PY
  ;;
  *) echo "不认识的 DATABASE_URL" >&2; exit 2 ;;
esac
mkdir -p "$var/files" "$var/anchors"
tar -C "$var" -cf "$work/files.tar" files anchors
[ ! -f "$var/secret_key" ] || cp -p "$var/secret_key" "$work/secret_key"
(cd "$work" && sha256sum ./* > SHA256SUMS)
mv "$work" "$target/$name"
trap - EXIT
find "$target" -maxdepth 1 -type d -name 'lianluo-*' -mtime "+$keep" -exec rm -rf {} +
echo "$target/$name"
