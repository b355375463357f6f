"""Prices as shops write them: ``49.90``, ``1.299,00 €``, ``CHF 1'299.-``. Standard library only.

A separator that comes last, or comes once, is the decimal one; one that groups three digits is the other.
Only one form can be read in two ways, one separator before exactly three digits, and it is refused: a price
must not be wrong by a factor of a thousand.
"""

import re

from shared.errors import TableRefused

SIGNS = {"€": "EUR", "£": "GBP", "$": None, "¥": None, "kr": None, "zł": "PLN", "Fr.": "CHF"}

_SIGN = "|".join(map(re.escape, SIGNS))
_SPACE = "[ \u00a0\u202f\u2009]"
_PRICE = re.compile(
    rf"(?P<before>[A-Z]{{3}}|{_SIGN})?{_SPACE}?"
    rf"(?P<number>[0-9](?:[0-9.,'’]|{_SPACE}(?=[0-9]))*)(?P<dash>(?<=[.,])[-–])?"
    rf"{_SPACE}?(?P<after>[A-Z]{{3}}|{_SIGN})?"
)
_DIGITS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")


def read_price(text: str) -> tuple[float, str | None]:
    """The amount, and the currency (ISO 4217) that stands with it, None where none or several go by its sign.

    Up to 9 digits before the decimal separator and 6 after it. Raises TableRefused.
    """
    match = _PRICE.fullmatch(text)
    if match is None or (match["before"] and match["after"]):
        raise _refused(text)
    number = match["number"]
    if match["dash"]:
        number = number[:-1]  # 12,- is 12
    number = _decimal(number, text)
    if not _DIGITS.fullmatch(number):
        raise _refused(text)
    sign = match["before"] or match["after"]
    return float(number), SIGNS.get(sign, sign) if sign else None


def _decimal(number: str, text: str) -> str:
    """The number with a point before its decimals and no other separator. Raises TableRefused."""
    number = re.sub(_SPACE, " ", number).replace("’", "'")
    kinds = [kind for kind in ".,' " if kind in number]
    if not kinds:
        return number
    last = max(kinds, key=number.rindex)
    if len(kinds) > 2 or last in "' " or number.count(last) > 1:
        if len(kinds) > 1 or not _grouped(number, last):
            raise _refused(text)
        return number.replace(last, "")
    whole, decimals = number.split(last)
    for kind in kinds:
        if kind != last:
            if not _grouped(whole, kind):
                raise _refused(text)
            return f"{whole.replace(kind, '')}.{decimals}"
    if len(decimals) == 3 and re.fullmatch("[1-9][0-9]{0,2}", whole):
        raise TableRefused(
            f"price: expected a number that can be read in one way, found {text[:50]!r}: "
            f"write {whole}{decimals}.00 or {whole}.{decimals}0"
        )
    return f"{whole}.{decimals}"


def _grouped(number: str, separator: str) -> bool:
    return re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(separator)}[0-9]{{3}})+", number) is not None


def _refused(text: str) -> TableRefused:
    return TableRefused(f"price: expected a number such as 12.50, found {text[:50]!r}")
