"""Public holidays, from the holidays package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

import holidays

from signaling.protocol.vocabulary import Language

#: The package's name of each of our languages.
_LOCALES: Final[Mapping[Language, str]] = {Language.SV: "sv", Language.NB: "no", Language.EN: "en_US"}


class PublicHolidays:
    """The `HolidayCalendar` of the holidays package."""

    def of(self, country: str, year: int) -> Mapping[date, Mapping[Language, str]]:
        """The days of one year with their names; empty for a country that is not known."""
        return _days(country, year) if country in _known() else {}

    def countries(self) -> Sequence[str]:
        """ISO 3166-1 alpha-2 codes that are known."""
        return sorted(_known())


@lru_cache(maxsize=256)
def _days(country: str, year: int) -> Mapping[date, Mapping[Language, str]]:
    named: dict[date, dict[Language, str]] = {}
    for language, locale in _LOCALES.items():
        for day, name in holidays.country_holidays(country, years=year, language=locale).items():
            named.setdefault(day, {})[language] = name
    return named


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries(include_aliases=False))
