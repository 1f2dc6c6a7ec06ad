"""Janus as the engine: a door of ours, whose media a Janus carries that somebody operates."""
