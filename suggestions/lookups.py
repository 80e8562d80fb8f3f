"""``title__has="水库"``：字段里有没有这几个字。带拉丁字母的不分大小写。

PostgreSQL 上由二字索引（migrations/0003）挑出候选，两个字以上的再逐行核对；SQLite 与单字只逐行核对。
"""
from __future__ import annotations

from django.db.models import CharField, TextField
from django.db.models.lookups import Contains, IContains

#: 有二字索引的列
PAIRED = {("suggestions_suggestion", "title"), ("suggestions_suggestion", "wished_units")}


@CharField.register_lookup
@TextField.register_lookup
class Has(Contains):
    """包含。"""

    lookup_name = "has"

    def as_sql(self, compiler, connection):
        plain = IContains if any(letter.isascii() and letter.isalpha() for letter in self.rhs) else Contains
        return plain(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_postgresql(self, compiler, connection):
        field = self.lhs.target
        if len(self.rhs) < 2 or (field.model._meta.db_table, field.column) not in PAIRED:
            return self.as_sql(compiler, connection)
        table = compiler.quote_name_unless_alias(self.lhs.alias)  # 子查询里是别名
        pairs = f"{table}.{connection.ops.quote_name(f'{field.column}_pairs')}"
        indexed = f"{pairs} @> lianluo_bigrams(%s)"  # 词与列同一个函数拆，大小写的规矩才一致
        if len(self.rhs) == 2:
            return indexed, [self.rhs]
        sql, params = self.as_sql(compiler, connection)
        return f"({indexed} AND {sql})", [self.rhs, *params]
