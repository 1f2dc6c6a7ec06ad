"""The organisation's tree: units with codes, aliases and dates; files of units and of their rooms."""
