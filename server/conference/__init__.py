"""The rules of a live conference: a state, commands that are decided, events that evolve it.

Pure: no I/O, no clock, no randomness. `decide(state, command, actor, moment)` gives events or raises
`Refusal`; `evolve(state, event)` applies one. Everything else in the product is built on these two.
"""

# Each concern registers its rules on import.
from . import air, arrivals, codes, documents, headcount, incidents, lines, links, notices, phases, points, scans
from .rules import Actor, Moment, Refusal, decide, evolve
from .state import State

__all__ = [
    "Actor",
    "Moment",
    "Refusal",
    "State",
    "air",
    "arrivals",
    "codes",
    "decide",
    "documents",
    "evolve",
    "headcount",
    "incidents",
    "lines",
    "links",
    "notices",
    "phases",
    "points",
    "scans",
]  # fmt: skip
