#!/usr/bin/env bash
# 恢复到一个空的数据库与空的数据目录，再校验留痕与账。不覆盖已有的数据。
# 用法：DATABASE_URL=… LIANLUO_VAR=… deploy/restore.sh 某一份备份的目录
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
backup=$(cd "${1:?用法：deploy/restore.sh 某一份备份的目录}" && pwd)
var=${LIANLUO_VAR:-$here/var}
url=${DATABASE_URL:-sqlite:///$var/lianluo.sqlite3}
python=${PYTHON:-$here/.venv/bin/python}
started=$(date +%s)

(cd "$backup" && sha256sum --check --quiet SHA256SUMS) || { echo "备份的校验和对不上，没有恢复" >&2; exit 1; }
if [ -n "$(ls -A "$var/files" 2>/dev/null)" ]; then
  echo "$var/files 里已有文件，恢复到空目录，或先把它移走" >&2; exit 1
fi
mkdir -p "$var"
case $url in
  postgres*)
    tables=$(psql "$url" -XAtqc "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
    [ "$tables" = 0 ] || { echo "数据库不是空的（$tables 张表），恢复到新建的空库" >&2; exit 1; }
    pg_restore --no-owner --no-privileges --exit-on-error --single-transaction --dbname="$url" "$backup/database.dump" ;;
  sqlite://*)
    file=${url#sqlite:///}
    [ ! -e "$file" ] || { echo "$file 已存在，先把它移走" >&2; exit 1; }
    mkdir -p "$(dirname "$file")"
    cp "$backup/database.sqlite3" "$file" ;;
  *) echo "不认识的 DATABASE_URL" >&2; exit 2 ;;
esac
tar -C "$var" -xf "$backup/files.tar"
if [ -f "$backup/secret_key" ] && [ ! -e "$var/secret_key" ]; then cp -p "$backup/secret_key" "$var/secret_key"; fi
echo "数据已恢复，用了 $(( $(date +%s) - started )) 秒；正在校验…"
cd "$here"
export DATABASE_URL=$url LIANLUO_VAR=$var
"$python" manage.py migrate --check --skip-checks || { echo "这份备份比程序旧，接着执行 migrate" >&2; exit 1; }
"$python" manage.py verify_audit
"$python" manage.py reconcile
echo "恢复完成，共 $(( $(date +%s) - started )) 秒"
