"""Durable, ordered events: the one truth about a conference."""

from .store import Conflict, Entry, Head, Journal, Receipt, Stored

__all__ = ["Conflict", "Entry", "Head", "Journal", "Receipt", "Stored"]
