"""出厂资料：内容分类的一级十个方面（全国人大所列，二级由使用者自编，不虚构）。"""
from __future__ import annotations

CATEGORIES = [
    "发展规划和综合经济", "工业、能源和投资", "农林牧渔和水利", "贸易、交通、邮政和文旅等服务业", "财政、税收和金融",
    "城乡建设和资源环境", "科教卫和体育", "社会及公共事务", "法治建设", "人大工作",
]


def load_categories(model) -> None:
    """写入一级分类；已有的不动。"""
    for position, name in enumerate(CATEGORIES, start=1):
        model.objects.get_or_create(parent=None, name=name, defaults={"position": position})
