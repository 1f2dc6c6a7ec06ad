"""Leading zeros of codes: a spreadsheet takes `001` for a number and keeps `1`, also in the CSV it writes."""

from collections.abc import Iterable, Mapping

from .model import Unit


class Zeros:
    """The codes with leading zeros in the tree and in one file, and which of them a shorter code may have been."""

    def __init__(self, units: Mapping[str, Unit], codes: Iterable[str]) -> None:
        written = [code for code in codes if _has_zeros(code)]
        self._units = units
        self._widths = {len(code) for code in written}
        self._codes = _by_number([*units, *written])
        self._aliases = _by_number(alias for unit in units.values() for alias in unit.aliases)

    def lost(self, code: str, number_cell: bool) -> bool:
        """Whether zeros may be missing. A file with `01` kept those of two digits: its `37` is a whole code."""
        if code in self._units or not _is_number(code) or _has_zeros(code):
            return False
        return number_cell or len(code) not in self._widths

    def meant(self, code: str) -> list[str]:
        """The codes with zeros that are this number, else the aliases; several mean that nobody can tell."""
        return sorted(self._codes.get(code) or self._aliases.get(code) or ())


def _is_number(code: str) -> bool:
    return code.isascii() and code.isdigit()


def _has_zeros(code: str) -> bool:
    return _is_number(code) and len(code) > 1 and code.startswith("0")


def _by_number(codes: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for code in filter(_has_zeros, codes):
        found.setdefault(code.lstrip("0") or "0", set()).add(code)
    return found
