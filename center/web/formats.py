"""Numbers, instants and measured values as a reader of each language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from center.web.languages import Language

MINUS = "−"
NBSP = "\N{NO-BREAK SPACE}"
_UNITS = {
    Language.KK: {"mm": "мм", "m": "м", "s": "с", "km/h": "км/сағ", "deg": "°", "ms": "мс"},
    Language.RU: {"mm": "мм", "m": "м", "s": "с", "km/h": "км/ч", "deg": "°", "ms": "мс"},
    Language.EN: {"mm": "mm", "m": "m", "s": "s", "km/h": "km/h", "deg": "°", "ms": "ms"},
}
_SPANS = {
    Language.KK: ("мин", "сағ", "тәул."),
    Language.RU: ("мин", "ч", "сут."),
    Language.EN: ("min", "h", "d"),
}
"""Signs of minutes, hours and days."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """How a sheet's whole numbers of one unit are shown: the unit, the factor to it, and the digits."""

    unit: str
    factor: float
    digits: int


_SHEET_UNITS = {
    "0.1 mm": Quantity("mm", 0.1, 0),
    "ms": Quantity("s", 0.001, 2),
    "0.01 deg": Quantity("deg", 0.01, 1),
    "mm/s": Quantity("km/h", 0.0036, 1),
    "1": Quantity("", 1.0, 0),
}
_LONG_MM = 10_000


@dataclass(frozen=True, slots=True)
class Formats:
    """Formats of one language in one time zone (an IANA name)."""

    language: Language
    zone: str

    @property
    def locale(self) -> str:
        """CLDR's name of the locale; British for English, so that days come before months."""
        return "en_GB" if self.language is Language.EN else f"{self.language}_KZ"

    def unit(self, name: str) -> str:
        """The sign of a unit."""
        return _UNITS[self.language][name]

    def number(self, value: float, digits: int = 0) -> str:
        """A number with a fixed count of digits after the sign, and a true minus."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        text = str(format_decimal(round(value, digits) + 0.0, format=pattern, locale=self.locale))
        return text.replace("-", MINUS)

    def measure(self, value: float, unit: str, digits: int = 0) -> str:
        """A number with its unit, which never stand on two lines."""
        gap = "" if unit == "deg" else NBSP
        return f"{self.number(value, digits)}{gap}{self.unit(unit)}"

    def quantity(self, whole: int, sheet_unit: str) -> str:
        """A whole number of a score sheet in the unit a reader thinks in, without idle zeros: ``0.5 s``, ``1 m``."""
        shown = _shown_as(whole, sheet_unit)
        value = round(whole * shown.factor, shown.digits)
        digits = next(count for count in range(shown.digits + 1) if round(value, count) == value)
        return self.measure(value, shown.unit, digits) if shown.unit else self.number(value, digits)

    def measured(self, value: int, uncertainty: int, sheet_unit: str, *, signed: bool = False) -> str:
        """A measured value with its standard uncertainty: ``+63 ± 8 mm``; without one where it is exact."""
        shown = _shown_as(value, sheet_unit)
        sign = "+" if signed and value > 0 else ""
        number = sign + self.number(value * shown.factor, shown.digits)
        if uncertainty:
            number += f"{NBSP}±{NBSP}{self.number(uncertainty * shown.factor, shown.digits)}"
        gap = "" if shown.unit in ("deg", "") else NBSP
        return f"{number}{gap}{self.unit(shown.unit) if shown.unit else ''}"

    def day(self, instant: datetime) -> str:
        """The civil date at the centre."""
        return str(format_date(self._local(instant), format="long", locale=self.locale))

    def month(self, day: date) -> str:
        """The calendar month of a day: ``October 2026``."""
        return str(format_date(day, "LLLL y", locale=self.locale)).capitalize()

    def date(self, day: date) -> str:
        """A calendar day, shortly."""
        return str(format_date(day, format="d MMM y", locale=self.locale))

    def tenge(self, whole: int) -> str:
        """An amount in whole tenge: ``1 081 ₸``."""
        return f"{self.number(whole)}{NBSP}₸"

    def clock(self, instant: datetime) -> str:
        """The time of day at the centre, to the second."""
        return str(format_time(self._local(instant), "HH:mm:ss", locale=self.locale))

    def moment(self, instant: datetime) -> str:
        """Date and time at the centre, to the minute."""
        local = self._local(instant)
        short = str(format_date(local, format="d MMM y", locale=self.locale))
        return f"{short}, {format_time(local, 'HH:mm', locale=self.locale)}"

    def clock_ms(self, time_ms: int) -> str:
        """The time of day of a reading's instant (UTC milliseconds)."""
        return self.clock(at_ms(time_ms))

    def duration(self, duration_ms: int) -> str:
        """Minutes and seconds: ``12:05``."""
        minutes, seconds = divmod(max(0, round(duration_ms / 1000)), 60)
        return f"{minutes}:{seconds:02d}"

    def span(self, seconds: float) -> str:
        """A wait or a delay in its two largest units: ``3 min``, ``1 h 20 min``, ``2 d 4 h``; never below a minute."""
        minute, hour, day = _SPANS[self.language]
        minutes = max(1, round(seconds / 60))
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        parts = [(days, day), (hours, hour), (minutes, minute)]
        first = next(place for place, (count, _) in enumerate(parts) if count)
        return NBSP.join(f"{count}{NBSP}{sign}" for count, sign in parts[first : first + 2] if count)

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.zone))


def at_ms(time_ms: int) -> datetime:
    """The aware UTC instant of so many milliseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time_ms)


def _shown_as(whole: int, sheet_unit: str) -> Quantity:
    shown = _SHEET_UNITS[sheet_unit]
    if shown.unit == "mm" and abs(whole) >= _LONG_MM:
        return Quantity("m", 0.0001, 2)
    return shown
