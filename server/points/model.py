"""A person to call about a point, whole and as a wall may show it."""

from msgspec import UNSET, Struct, UnsetType

SHOWN_HEAD, SHOWN_TAIL = 4, 3  # digits of a number that a wall shows: enough to recognise, too few to call


class Contact(Struct, frozen=True):
    """`phone` is digits with a leading 0, `""` for none."""

    name: str
    role: str = ""
    phone: str = ""


class ContactView(Struct, frozen=True, omit_defaults=True):
    """`phone` is there only for who may call; `phone_shown` is masked."""

    name: str
    role: str
    phone_shown: str
    phone: str | UnsetType = UNSET


def shown(contact: Contact, whole: bool) -> ContactView:
    return ContactView(contact.name, contact.role, masked(contact.phone), contact.phone if whole else UNSET)


def masked(phone: str) -> str:
    """`0912345678` -> `0912 ••• 678`; a number too short to hide anything of is hidden whole."""
    if len(phone) < SHOWN_HEAD + SHOWN_TAIL + 1:
        return "•••" if phone else ""
    return f"{phone[:SHOWN_HEAD]} ••• {phone[-SHOWN_TAIL:]}"
