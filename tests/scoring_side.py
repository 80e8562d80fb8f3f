"""布景里一组人的处室考核：一年的方案、一条人工加减分、一张公示了的评分表；都经动作产生。"""
from __future__ import annotations

from supervision.actions import scoring
from supervision.models import ScoreSheet, ScoringScheme
from tests import cases


def appraise(side) -> None:
    """各有一份。"""
    cast, today = side.unit, cases.TODAY
    side.scheme = ScoringScheme.objects.filter(unit=cast.unit).first() or scoring.make_scheme(
        cast.unit, year=today.year, actor=cast.liaison, today=today
    )
    side.mark = scoring.add_mark(
        side.scheme, division=cast.division, kind="praise", ground=side.secret("written"), actor=cast.liaison,
        today=today,
    )
    scoring.compute_sheets(side.scheme, cutoff_on=today, actor=cast.liaison, today=today)
    scoring.publish_sheets(side.scheme, actor=cast.liaison, today=today)
    side.sheet = ScoreSheet.objects.get(scheme=side.scheme, division=cast.division)
