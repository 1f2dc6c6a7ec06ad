"""Conferences over HTTP: made, listed, commanded, audited."""
