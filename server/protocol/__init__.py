"""What crosses the wire, as frozen structs: commands, events, views, messages, errors.

Pure: no I/O, no clock, no framework. Everything that another program may rely on is defined here
and nowhere else; `docs/protocol.md` explains it, the TypeScript types are generated from it.
"""
