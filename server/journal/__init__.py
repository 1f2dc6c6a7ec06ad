"""Durable, ordered events: the one truth about a conference."""

from .store import Conflict, Entry, Head, Journal, Receipt, Stored, Turn

__all__ = ["Conflict", "Entry", "Head", "Journal", "Receipt", "Stored", "Turn"]
