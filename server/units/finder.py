"""Who is meant by a text that a person typed into a cell or a search field."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from server.tables.text import fold, one_line

from .kinds import bare, written_out
from .model import Unit

Accept = Callable[[Unit], bool]


class Finder:
    """Indexes over `units`, built when first needed. Parents play no part, so they may be wrong still."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.units = units

    def find(self, text: str, accept: Accept | None = None) -> list[Unit]:
        """By code, else alias, else either without its leading zeros, else the name.

        Names match with accents before without, whole before without their kind. The first way that finds
        anything (that `accept` accepts) decides; several units mean that the text is ambiguous.
        """
        text = one_line(text)
        if not text:
            return []
        for way in (self._by_code, self._by_alias, self.by_number, self._by_name):
            found = way(text) if accept is None else [u for u in way(text) if accept(u)]
            if found:
                return found
        return []

    def by_number(self, text: str) -> list[Unit]:
        """Units whose code, else alias, is this number, leading zeros aside: a spreadsheet drops them."""
        if not (text.isascii() and text.isdigit()):
            return []
        number = text.lstrip("0")
        return list(self._numbers.get(number) or self._alias_numbers.get(number) or [])

    def _by_code(self, text: str) -> list[Unit]:
        unit = self.units.get(text.upper())
        return [unit] if unit else []

    def _by_alias(self, text: str) -> list[Unit]:
        return list(self._aliases.get(fold(text), ()))

    def _by_name(self, text: str) -> list[Unit]:
        whole = written_out(text)  # never without its kind: who writes Xã does not mean the Phường
        keys = (whole.casefold(), fold(whole), text.casefold(), fold(text))
        ways = zip(self._names, keys, strict=True)
        return next((list(found) for index, key in ways if (found := index.get(key))), [])

    @cached_property
    def _aliases(self) -> dict[str, list[Unit]]:
        return _index((fold(alias), u) for u in self.units.values() for alias in u.aliases)

    @cached_property
    def _numbers(self) -> dict[str, list[Unit]]:
        return _index((u.code.lstrip("0"), u) for u in self.units.values() if u.code.isdigit())

    @cached_property
    def _alias_numbers(self) -> dict[str, list[Unit]]:
        pairs = {(a.lstrip("0"), u.code): u for u in self.units.values() for a in u.aliases if a.isdigit()}
        return _index((number, unit) for (number, _), unit in pairs.items())

    @cached_property
    def _names(self) -> tuple[dict[str, list[Unit]], ...]:
        keyed = [(_name_keys(u.name), u) for u in self.units.values()]
        return tuple(_index((keys[way], u) for keys, u in keyed) for way in range(4))


def _name_keys(name: str) -> tuple[str, str, str, str]:
    """A unit's name in the ways it is compared, the strictest first."""
    whole, short = written_out(name), bare(name)
    return whole.casefold(), fold(whole), short.casefold(), fold(short)


def _index(pairs: Iterable[tuple[str, Unit]]) -> dict[str, list[Unit]]:
    index: dict[str, list[Unit]] = {}
    for key, unit in pairs:
        index.setdefault(key, []).append(unit)
    return index
