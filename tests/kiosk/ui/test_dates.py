"""Days and times are written as each language writes them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kiosk.ui.i18n.catalog import load_catalogs
from kiosk.ui.i18n.dates import clock, long_date, moment_ahead, moment_past
from signaling.protocol.vocabulary import Language
from tests.support.sample_states import NOW

CATALOGS = load_catalogs()
MORNING = NOW.replace(hour=8, minute=0)


@pytest.mark.parametrize(
    ("language", "time", "date"),
    [
        (Language.SV, "20.14", "lördag 21 november"),
        (Language.NB, "20.14", "lørdag 21. november"),
        (Language.EN, "20:14", "Saturday 21 November"),
    ],
)
def test_the_clock_and_the_date_follow_the_language(language: Language, time: str, date: str) -> None:
    assert clock(NOW, language) == time
    assert long_date(NOW, language) == date


@pytest.mark.parametrize(
    ("moment", "language", "said"),
    [
        (NOW.replace(hour=21, minute=30), Language.SV, "i dag kl. 21.30"),
        (MORNING + timedelta(days=1), Language.SV, "i morgon kl. 08.00"),
        (MORNING + timedelta(days=1), Language.NB, "i morgen kl. 08.00"),
        (MORNING + timedelta(days=1), Language.EN, "tomorrow at 08:00"),
        (MORNING + timedelta(days=2), Language.SV, "på måndag kl. 08.00"),
        (MORNING + timedelta(days=6), Language.EN, "on Friday at 08:00"),
        (MORNING + timedelta(days=7), Language.SV, "den 28 november kl. 08.00"),
        (MORNING + timedelta(days=7), Language.NB, "28. november kl. 08.00"),
        (MORNING + timedelta(days=7), Language.EN, "on 28 November at 08:00"),
    ],
)
def test_a_moment_ahead_is_told_from_today(moment: datetime, language: Language, said: str) -> None:
    assert moment_ahead(moment, NOW, CATALOGS[language]) == said


def test_a_moment_past_has_its_date_only_when_it_was_another_day() -> None:
    assert moment_past(MORNING, NOW, CATALOGS[Language.SV]) == "kl. 08.00"
    assert moment_past(MORNING - timedelta(days=1), NOW, CATALOGS[Language.SV]) == "den 20 november kl. 08.00"
    assert moment_past(MORNING - timedelta(days=1), NOW, CATALOGS[Language.EN]) == "20 November, 08:00"
