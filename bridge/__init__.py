"""The bridge: the hall's picture in every room, and any room's picture in the hall.

A program of its own beside the coordination service, which works in full without it: what the two share is
`server.protocol`, nothing else.
"""
