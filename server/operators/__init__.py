"""Operators: secret links, enrolled devices, and what their page asks over HTTP."""
