import re
from pathlib import Path
from string import Formatter

import pytest

from bridge.door.texts import TEXTS, language, text
from bridge.wire.sdp import Fault

SOURCES = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[3].glob("bridge/door/*.py"))


def test_every_code_that_is_refused_with_has_its_words() -> None:
    used = set(re.findall(r'(?:Problem\(\w+, |_later\(|_unauthenticated\()"(\w+)"', SOURCES)) | set(Fault)
    used |= {f"pass_{why}" for why in ("malformed", "foreign", "expired")} | {"act_publish", "act_watch"}

    assert len(used) > 25
    assert used <= TEXTS.keys()


@pytest.mark.parametrize("code", TEXTS)
def test_english_tells_what_the_vietnamese_tells(code: str) -> None:
    """With the same particulars; the technical detail of an offer alone is English in both."""
    vietnamese, english = ({name for _, name, _, _ in Formatter().parse(words) if name} for words in TEXTS[code])
    assert vietnamese == english


def test_a_parameter_that_is_a_term_is_told_in_the_same_language() -> None:
    assert text("pass_other_act", "vi", {"act": "act_watch"}) == "Khóa truy cập này không cho phép xem."
    assert text("pass_other_act", "en", {"act": "act_watch"}) == "This key does not allow watching."


@pytest.mark.parametrize(
    ("header", "lang"),
    [("", "vi"), ("en", "en"), ("en-US,en;q=0.9", "en"), ("vi-VN,en", "vi"), ("fr,en;q=0.5", "en"), ("fr", "vi")],
)
def test_vietnamese_unless_english_is_asked_for_first(header: str, lang: str) -> None:
    assert language(header) == lang
