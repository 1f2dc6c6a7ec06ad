"""Both languages say the same: the same parameters in every text of files, units and rooms."""

from string import Formatter

import pytest

from server.tables.messages import MESSAGES as TABLES
from server.units.messages import MESSAGES as UNITS


@pytest.mark.parametrize("code", sorted(TABLES | UNITS))
def test_both_languages_name_the_same_parameters(code: str) -> None:
    vietnamese, english = ((TABLES | UNITS)[code][i] for i in (0, 1))

    assert _names(vietnamese) == _names(english)


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
