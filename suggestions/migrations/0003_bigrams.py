"""二字索引：标题与希望承办单位里相邻的两个字，查少见的词不必整表扫（只在 PostgreSQL 上；SQLite 逐行找）。

两列由数据库自己生成，程序不读不写，所以不在模型里。索引当即写全：攒着的待写清单一长，查询就改走整表扫。
"""
from django.db import migrations

MAKE = """
CREATE FUNCTION lianluo_bigrams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS
$$ SELECT coalesce(array_agg(DISTINCT substr(upper(words), place, 2)), '{}')
   FROM generate_series(1, char_length(words) - 1) AS place $$;
ALTER TABLE suggestions_suggestion
  ADD COLUMN title_pairs text[] GENERATED ALWAYS AS (lianluo_bigrams(title)) STORED,
  ADD COLUMN wished_units_pairs text[] GENERATED ALWAYS AS (lianluo_bigrams(wished_units)) STORED;
CREATE INDEX suggestion_title_pairs ON suggestions_suggestion USING gin (title_pairs) WITH (fastupdate = off);
CREATE INDEX suggestion_wish_pairs ON suggestions_suggestion USING gin (wished_units_pairs) WITH (fastupdate = off);
"""
DROP = """
ALTER TABLE suggestions_suggestion DROP COLUMN title_pairs, DROP COLUMN wished_units_pairs;
DROP FUNCTION lianluo_bigrams(text);
"""


def _on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0002_categories")]

    operations = [migrations.RunPython(_on_postgresql(MAKE), _on_postgresql(DROP))]
