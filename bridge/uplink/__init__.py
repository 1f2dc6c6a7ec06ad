"""The programme from another bridge: taken once, passed on to everybody here. WHEP from the other side."""
