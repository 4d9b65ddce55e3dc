"""An amount in French words, as contracts write it after the figures. Pure."""

from __future__ import annotations

from decimal import Decimal

UNITS = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
LARGEST = Decimal("999999999.99")


def amount_in_words(amount: Decimal) -> str:
    """``Decimal("17000.09")`` → « dix-sept mille euros et neuf centimes ».

    Raises ValueError for a negative amount, one finer than the cent, or beyond 999 999 999,99.
    """
    if not Decimal(0) <= amount <= LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise ValueError(f"cannot be written in words: {amount}")
    euros, cents = divmod(int(amount * 100), 100)
    of = "d'" if euros and euros % 1_000_000 == 0 else ""
    words = f"{whole_in_words(euros)} {of}euro{'s' if euros > 1 else ''}"
    if cents:
        words += f" et {whole_in_words(cents)} centime{'s' if cents > 1 else ''}"
    return words


def whole_in_words(number: int) -> str:
    """A whole number from 0 to 999 999 999 in words."""
    millions, rest = divmod(number, 1_000_000)
    thousands, below = divmod(rest, 1000)
    parts = []
    if millions:
        parts.append(f"{_hundreds(millions)} million{'s' if millions > 1 else ''}")
    if thousands:
        parts.append("mille" if thousands == 1 else f"{_hundreds(thousands, plural=False)} mille")
    if below or not parts:
        parts.append(_hundreds(below))
    return " ".join(parts)


def _hundreds(number: int, *, plural: bool = True) -> str:
    # « cent » and « quatre-vingt » take an s at the end of the number, but not before « mille ».
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _tens(rest, plural=plural)
    words = "cent" if hundreds == 1 else f"{UNITS[hundreds]} cent"
    if rest:
        return f"{words} {_tens(rest, plural=plural)}"
    return f"{words}s" if plural and hundreds > 1 else words


def _tens(number: int, *, plural: bool) -> str:
    if number < 20:
        return UNITS[number]
    ten, unit = divmod(number, 10)
    if ten in (7, 9):
        ten, unit = ten - 1, unit + 10
    words = TENS[ten]
    if not unit:
        return f"{words}s" if ten == 8 and plural else words
    return f"{words} et {UNITS[unit]}" if unit in (1, 11) and ten != 8 else f"{words}-{UNITS[unit]}"
