"""``title__has="水库"``：字段里有没有这几个字。带拉丁字母的不分大小写。

PostgreSQL 上由二字索引（migrations/0003）挑出候选，两个字以上的再逐行核对；SQLite 与单字只逐行核对。
"""
from __future__ import annotations

from django.db.models import CharField, TextField
from django.db.models.lookups import Contains, IContains

#: 有二字索引的列
PAIRED = {("suggestions_suggestion", "title"), ("suggestions_suggestion", "wished_units")}


def bigrams(word: str) -> list[str]:
    """词里相邻的每两个字，不分大小写，不重复。"""
    folded = word.upper()
    return sorted({folded[at : at + 2] for at in range(len(folded) - 1)})


@CharField.register_lookup
@TextField.register_lookup
class Has(Contains):
    """包含。"""

    lookup_name = "has"

    def as_sql(self, compiler, connection):
        plain = IContains if any(letter.isascii() and letter.isalpha() for letter in self.rhs) else Contains
        return plain(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_postgresql(self, compiler, connection):
        field, pairs = self.lhs.target, bigrams(self.rhs)
        if not pairs or (field.model._meta.db_table, field.column) not in PAIRED:
            return self.as_sql(compiler, connection)
        quote = connection.ops.quote_name
        indexed = f"{quote(self.lhs.alias)}.{quote(f'{field.column}_pairs')} @> %s"
        if len(self.rhs) == 2:
            return indexed, [pairs]
        sql, params = self.as_sql(compiler, connection)
        return f"({indexed} AND {sql})", [pairs, *params]
