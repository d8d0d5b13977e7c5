"""Days and times as each language writes them.

Names of days and months are Qt's (Unicode CLDR); order, points and small words are ours, because a kiosk says
"i morgon kl. 08.00" and never "2026-11-22". Swedish and Norwegian write the time with a point, English with a colon.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QDate, QLocale

from kiosk.ui.i18n.catalog import Catalog
from signaling.protocol.vocabulary import Language

_LOCALES: Final = {
    Language.SV: QLocale(QLocale.Language.Swedish, QLocale.Country.Sweden),
    Language.NB: QLocale(QLocale.Language.NorwegianBokmal, QLocale.Country.Norway),
    Language.EN: QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom),
}
_DAY_AND_MONTH: Final = {Language.SV: "d MMMM", Language.NB: "d. MMMM", Language.EN: "d MMMM"}
_WEEK_DAYS: Final = 7


def clock(moment: datetime, language: Language) -> str:
    """The time of day: `20.14` or `20:14`."""
    return moment.strftime("%H:%M" if language is Language.EN else "%H.%M")


def weekday(moment: datetime, language: Language) -> str:
    """The day's name: `lördag`, `lørdag`, `Saturday`."""
    return _LOCALES[language].toString(_qdate(moment), "dddd")


def day_and_month(moment: datetime, language: Language) -> str:
    """The date without its year: `21 november`, `21. november`, `21 November`."""
    return _LOCALES[language].toString(_qdate(moment), _DAY_AND_MONTH[language])


def long_date(moment: datetime, language: Language) -> str:
    """Weekday and date: `lördag 21 november`."""
    return f"{weekday(moment, language)} {day_and_month(moment, language)}"


def moment_ahead(moment: datetime, now: datetime, catalog: Catalog) -> str:
    """When something will be, as one would say it now: `i morgon kl. 08.00`."""
    time = clock(moment, catalog.language)
    days = (moment.date() - now.date()).days
    if days == 0:
        return catalog.say("when_today", time=time)
    if days == 1:
        return catalog.say("when_tomorrow", time=time)
    if 1 < days < _WEEK_DAYS:
        return catalog.say("when_weekday", weekday=weekday(moment, catalog.language), time=time)
    return catalog.say("when_date", date=day_and_month(moment, catalog.language), time=time)


def moment_past(moment: datetime, now: datetime, catalog: Catalog) -> str:
    """When something began: the time alone if it was today, else with its date."""
    time = clock(moment, catalog.language)
    if moment.date() == now.date():
        return catalog.say("past_today", time=time)
    return catalog.say("past_date", date=day_and_month(moment, catalog.language), time=time)


def _qdate(moment: datetime) -> QDate:
    return QDate(moment.year, moment.month, moment.day)
