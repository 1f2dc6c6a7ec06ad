"""The points of one conference over HTTP: list, one in full, import, selection, export, contacts."""
