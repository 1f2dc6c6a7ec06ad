"""The door of the bridge: who may come in and how. HTTP (WHIP, WHEP), passes, session descriptions, handshakes."""
