# SPDX-License-Identifier: MIT
"""Exact values: figures, percentages, dates and their texts, and rounding.

Every number is a `fractions.Fraction`. Nothing here knows of rulesets.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from fractions import Fraction

FIGURE = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

_ROUND: dict[str, Callable[[int, int], bool]] = {
    # (twice the remainder, divisor) of a size that is not whole: whether to go away from zero
    "half up": lambda twice, divisor: twice >= divisor,
    "half down": lambda twice, divisor: twice > divisor,
    "up": lambda twice, divisor: True,
    "down": lambda twice, divisor: False,
}
ROUNDING_MODES = ("half up", "half even", "half down", "up", "down")

# ISO 4217: active currency codes by the number of digits of their minor unit.
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
CURRENCY_DIGITS = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}


def round_to(value: Fraction, step: Fraction, mode: str) -> Fraction:
    """Round to the nearest multiple of `step`; a tie in mode `half up` goes away from zero.

    Modes as in `ROUNDING_MODES`; `up` is away from zero, `down` towards it (IEEE 754-2019,
    4.3, without its directed modes, which change meaning with the sign of an amount).
    """
    size = abs(value) / step
    whole, rest = divmod(size.numerator, size.denominator)
    if rest:
        twice = 2 * rest
        if mode == "half even":
            away = twice > size.denominator or (twice == size.denominator and whole % 2 == 1)
        else:
            away = _ROUND[mode](twice, size.denominator)
        whole += away
    return whole * step if value >= 0 else -whole * step


def parse_figure(text: str) -> Fraction | None:
    """Read `1200000.00` or `-3`; None where it is no plain decimal figure."""
    return Fraction(text) if FIGURE.fullmatch(text) else None


def parse_rate(text: str) -> Fraction | None:
    """Read `12.5%` or `0.125`."""
    if text.endswith("%"):
        figure = parse_figure(text[:-1].rstrip(" "))
        return None if figure is None else figure / 100
    return parse_figure(text)


def parse_date(text: str) -> datetime.date | None:
    """Read an ISO date `2026-09-30`; None where it is none, or no day of the calendar."""
    if not DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def decimals(value: Fraction) -> int | None:
    """How many decimal places write the value exactly; None where no number of them does."""
    rest, places = value.denominator, {2: 0, 5: 0}
    for prime in places:
        while rest % prime == 0:
            rest //= prime
            places[prime] += 1
    return max(places.values()) if rest == 1 else None


def fixed(value: Fraction, digits: int) -> str:
    """Write with exactly `digits` decimal places; the value must be a multiple of that step."""
    scaled = value * 10**digits
    assert scaled.denominator == 1, "only exact values are written"
    sign = "-" if scaled < 0 else ""
    text = str(abs(scaled.numerator)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def exact_text(value: Fraction) -> str:
    """Write exactly: a plain decimal where one exists, else a fraction (`2/37`)."""
    places = decimals(value)
    return str(value) if places is None else fixed(value, places)


def percent(value: Fraction) -> str:
    """Write a rate exactly in percent: `12.5%`."""
    return f"{exact_text(value * 100)}%"


def percent_help(value: Fraction) -> str:
    """The mend for a bare figure above 1 (or below -1) that stands for a rate."""
    return f"write `{exact_text(value)}%`, or `{percent(value)}` if that is meant"


def grouped(text: str) -> str:
    """Put commas between thousands of a plain decimal text, for reading only."""
    sign, body = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, dot, rest = body.partition(".")
    return f"{sign}{int(whole):,}{dot}{rest}"
