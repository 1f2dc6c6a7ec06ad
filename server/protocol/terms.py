"""The closed vocabularies of the wire. The Vietnamese words stand in docs/glossary.md."""

from typing import Literal

Phase = Literal["draft", "rehearsal", "live", "closed"]

# What a tile shows, worst first as the wall's legend lists it. `help` wins over every state of the line.
Status = Literal["help", "lost", "weak", "tv", "none", "in", "ready", "ok", "left"]
STATUSES: tuple[Status, ...] = ("help", "lost", "weak", "tv", "none", "in", "ready", "ok", "left")
PRESENT: frozenset[Status] = frozenset({"help", "weak", "tv", "in", "ready", "ok"})

Stage = Literal["none", "in", "ready", "left"]
Line = Literal["none", "up", "lost"]
Quality = Literal["unknown", "good", "weak"]
HelpCategory = Literal["no_sound", "no_picture", "line", "documents", "other"]
DocumentState = Literal["waiting", "released", "withdrawn"]
ScanKind = Literal["scan", "open"]
Air = Literal["none", "asked", "ready", "on"]  # of a room: what became of asking it to speak
NoticeTo = Literal["all", "attendees", "operators"]
Role = Literal["administrator", "organizer", "viewer", "operator", "system"]

# What the rail says of a point's last notable change.
Change = Literal[
    "added", "edited", "in", "ready", "not_ready", "left", "tv", "tv_off",
    "lost", "returned", "headcount", "help", "help_taken", "help_resolved",
]  # fmt: skip
