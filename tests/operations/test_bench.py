"""压测用到的各处没有随别的改动断掉：小小一库，同样装数、同样走各页、同样导出。只看走得通，不看快慢。"""
from __future__ import annotations

import pytest

from bench import exports, run
from bench.load import load
from suggestions.models import Suggestion


@pytest.mark.django_db
def test_the_bench_still_fits_the_house(capsys):
    loaded = load(count=120)
    assert loaded["suggestions"] == 120 < loaded["assignments"]
    number = Suggestion.objects.filter(status="handling").values_list("number", flat=True)[0]
    assert run._count_queries(number) == 0, capsys.readouterr().out
    exports.measure()
    said = capsys.readouterr().out
    assert "取 " in said and "写工作簿" in said
