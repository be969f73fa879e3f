"""What a page is, from what was seen of it."""

from __future__ import annotations

import pytest

from bot.core.reading.verdict import Signals, decide
from bot.model import Reason, Verdict

PROSE = "The council met for three hours on Tuesday and heard from eleven residents. "


def signals(text="", seen=None, **known):
    shown = text if seen is None else seen
    return Signals(text=text, seen=shown, length=len(shown), **known)


@pytest.mark.parametrize(
    ("what", "verdict"),
    [
        (signals(PROSE * 30), Verdict.ARTICLE),
        (signals(PROSE * 4, is_article=True), Verdict.ARTICLE),
        (signals(PROSE * 4, free=False), Verdict.ARTICLE),
        (signals(PROSE * 4, free=False, declared=5_000), Verdict.TEASER),
        (signals(PROSE * 4, free=True, declared=5_000), Verdict.ARTICLE),
        (signals(PROSE * 4 + "And then…", free=False), Verdict.TEASER),
        (signals(PROSE * 4, PROSE * 4 + "Subscribe to continue", free=False), Verdict.TEASER),
        (signals(PROSE * 90, free=False, declared=50_000), Verdict.ARTICLE),
        (signals("Just a moment", title="Just a moment..."), Verdict.BOT_WALL),
        (signals(PROSE * 30, title="Just a moment..."), Verdict.ARTICLE),
        (signals("", "Loading", has_frame=True), Verdict.NEEDS_JAVASCRIPT),
        (signals("", "", unscripted="Please enable JavaScript"), Verdict.NEEDS_JAVASCRIPT),
        (signals(""), Verdict.NOT_AN_ARTICLE),
        (signals(PROSE * 3, is_video=True), Verdict.NOT_AN_ARTICLE),
        (signals(PROSE * 9, is_video=True), Verdict.ARTICLE),
        (signals(PROSE * 9, linked=600, headlines=20), Verdict.NOT_AN_ARTICLE),
        (signals(PROSE * 9, linked=600, headlines=20, is_article=True), Verdict.ARTICLE),
        (signals(PROSE * 60, linked=4_000, headlines=20, is_front=True), Verdict.NOT_AN_ARTICLE),
        (
            signals(
                "市議会は火曜日の夜に三時間にわたって会議を開き、十一人の住民の話を聞いた。" * 2
            ),
            Verdict.ARTICLE,
        ),
    ],
)
def test_verdicts(what, verdict):
    assert decide(what).verdict is verdict


def test_no_text_is_named_as_the_reason():
    assert decide(signals("")).reason is Reason.NO_TEXT


def test_the_share_is_told_for_teasers_only():
    assert decide(signals(PROSE * 4, declared=5_000, free=False)).share == pytest.approx(
        0.06, abs=0.01
    )
    assert decide(signals(PROSE * 90, declared=50_000, free=False)).share is None
