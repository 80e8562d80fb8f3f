"""出厂资料：办理结果类别。各地定义不同，换一套就是换数据。"""

from __future__ import annotations

RESULT_CLASSES = [
    {
        "code": "A",
        "name": "已经解决或基本解决",
        "definition": "所提问题已经解决或者基本解决",
        "resolved": True,
        "position": 1,
    },
    {
        "code": "B",
        "name": "正在解决或列入计划",
        "definition": "正在解决或者已列入计划逐步解决，须有承诺事项和完成时限",
        "in_progress": True,
        "needs_promise": True,
        "position": 2,
    },
    {
        "code": "C",
        "name": "暂不能解决或留作参考",
        "definition": "因条件限制或者其他原因暂不能解决，须说明理由",
        "needs_explanation": True,
        "position": 3,
    },
    {
        "code": "D",
        "name": "留作参考",
        "definition": "留作工作参考",
        "needs_explanation": True,
        "is_active": False,
        "position": 4,
    },
]


def load_result_classes(model) -> None:
    """写入湖南默认方案；已有的不动。"""
    for row in RESULT_CLASSES:
        values = {key: value for key, value in row.items() if key != "code"}
        model.objects.get_or_create(scheme="HN-DEFAULT", code=row["code"], defaults=values)
