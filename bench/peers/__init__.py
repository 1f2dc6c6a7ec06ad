"""Ours beside other servers at the same work."""
