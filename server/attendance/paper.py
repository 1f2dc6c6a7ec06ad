"""The pages as bytes. They carry everything themselves: one request on a weak line, no font, and no script that
anything depends on."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.conference.days import moment_here

from . import words
from .bulletin import bulletin
from .offers import Landing, Offer
from .texts import TEXTS

_FOLDER = Path(__file__).parent / "pages"
_STYLE = "".join(line.strip() for line in (_FOLDER / "style.css").read_text(encoding="utf-8").splitlines())
_templates = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
LIVE_POLICY = f"{POLICY}; script-src 'self'; connect-src 'self'"  # of the page behind a code: it may listen for news
_SCRIPT = (_FOLDER / "live.js").read_bytes()
SCRIPT_ADDRESS = f"/live.js?v={hashlib.sha256(_SCRIPT).hexdigest()[:12]}"  # changed with it: kept by phones for good


def landing(facts: Landing, code: str, lang: str) -> bytes:
    """The page behind a code; its policy is `LIVE_POLICY`."""
    t, page = TEXTS[lang], facts.shown
    key = "later" if page.offers else "first_later"
    return _page(
        "landing.html",
        lang,
        title=facts.title,
        starts=words.day_and_time(lang, facts.starts_at),
        starts_iso=moment_here(facts.starts_at).isoformat(timespec="minutes"),
        room=facts.room,
        group=facts.group,
        code=code,
        grouped=words.grouped(code),
        total=_total(page.offers, lang),
        offers=[_offer(o, lang) for o in page.offers],
        waiting=[words.plural(lang, key, n, at=words.hour(lang, at, facts.now)) for at, n in page.waiting],
        notices=page.notices,
        seen=bulletin(page).id,
        script=SCRIPT_ADDRESS,
        ends=t["ends"].format(at=words.hour(lang, facts.ends, facts.now)) if facts.ends is not None else "",
        phone=facts.help_phone,
        tel=words.dialled(facts.help_phone),
        call=t["call"].format(phone=facts.help_phone),
    )


@cache
def form(lang: str, asked: bool = False) -> bytes:
    """Where a code is typed. `asked`: the reader chose the language, so it stays."""
    return _page("form.html", lang, heading=TEXTS[lang]["form"], hint="", wrong="", typed="", asked=asked)


def malformed(lang: str, typed: str) -> bytes:
    t = TEXTS[lang]
    return _page("form.html", lang, heading=t["form"], hint="", wrong=t["malformed"], typed=typed[:20], asked=False)


@cache
def unknown(lang: str) -> bytes:
    """Behind a code that opens nothing."""
    t = TEXTS[lang]
    return _page("form.html", lang, heading=t["unknown"], hint=t["unknown_hint"], wrong="", typed="", asked=False)


@cache
def expired(lang: str) -> bytes:
    """Behind the address of a file that has ended."""
    t = TEXTS[lang]
    return _page("form.html", lang, heading=t["expired"], hint=t["expired_hint"], wrong="", typed="", asked=False)


def limited(lang: str, seconds: int) -> bytes:
    t = TEXTS[lang]
    hint = t["limited_hint"].format(seconds=seconds)
    return _page("form.html", lang, heading=t["limited"], hint=hint, wrong="", typed="", asked=False)


@cache
def busy(lang: str) -> bytes:
    t = TEXTS[lang]
    return _page("form.html", lang, heading=t["busy"], hint=t["busy_hint"], wrong="", typed="", asked=False)


def script() -> bytes:
    """What listens for news."""
    return _SCRIPT


def _page(template: str, lang: str, **values: object) -> bytes:
    other = "vi" if lang == "en" else "en"
    text = _templates.get_template(template).render(t=TEXTS[lang], lang=lang, other=other, style=_STYLE, **values)
    return text.encode()


def _offer(offer: Offer, lang: str) -> dict[str, object]:
    facts = [words.kind_word(offer.kind, offer.name), words.size(lang, offer.size)]
    if offer.pages:
        facts.append(words.plural(lang, "pages", offer.pages))
    icon = words.kind_icon(offer.kind, offer.name)
    unbroken = " · ".join(fact.replace(" ", "\u00a0") for fact in facts)
    version = words.version(lang, offer.version, offer.at)
    return {"id": offer.id, "title": offer.title, "icon": icon, "facts": unbroken, "version": version}


def _total(offers: list[Offer], lang: str) -> str:
    return f"{words.plural(lang, 'files', len(offers))}, {words.size(lang, sum(o.size for o in offers))}"
