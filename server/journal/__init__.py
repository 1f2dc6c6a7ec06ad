"""Durable, ordered events: the one truth about a conference."""

from .store import Conflict, Entry, Head, Journal, Receipt, Stored, Turn
from .upcast import DIALECT, Gap, Unreadable

__all__ = ["DIALECT", "Conflict", "Entry", "Gap", "Head", "Journal", "Receipt", "Stored", "Turn", "Unreadable"]
