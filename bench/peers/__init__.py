"""Ours beside other servers at the same work."""

from .compare import run

__all__ = ["run"]
