"""Every figure the README claims, as a command that prints JSON: `python -m bench NAME [options]`."""
