"""数据库里的门：改、删留痕与锚定的语句直接报错，连绕过程序的人也先得拆触发器。"""
from __future__ import annotations

EVENTS, HEADS = "audit_auditevent", "audit_audithead"


def _sqlite(name: str, table: str, act: str, words: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _postgresql(name: str, table: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )


SQLITE = [
    _sqlite("audit_no_update", EVENTS, "UPDATE", "留痕只增不改"),
    _sqlite("audit_no_delete", EVENTS, "DELETE", "留痕只增不删"),
    _sqlite("audit_head_no_update", HEADS, "UPDATE", "锚定只增不改"),
    _sqlite("audit_head_no_delete", HEADS, "DELETE", "锚定只增不删"),
]
POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '留痕与锚定只增不改、不删'; END $$",
    _postgresql("audit_no_change", EVENTS),
    _postgresql("audit_head_no_change", HEADS),
]
DROP = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {name}"
        for name in ("audit_no_update", "audit_no_delete", "audit_head_no_update", "audit_head_no_delete")
    ],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS audit_no_change ON {EVENTS}",
        f"DROP TRIGGER IF EXISTS audit_head_no_change ON {HEADS}",
    ],
}


def raise_guards(schema_editor) -> None:
    """装上触发器；已经装着的重装一遍。"""
    lower_guards(schema_editor)
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def lower_guards(schema_editor) -> None:
    """拆下触发器（迁移回退与测试清库用）。"""
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
