"""What crosses a media line: RTP, RTCP, STUN, SRTP, SDP and the codecs' packet formats.

Pure: nothing here reads a clock or a socket or draws chance. Every length from the network is checked before it is
used; what is malformed is None, never an exception.
"""
