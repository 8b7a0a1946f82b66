"""A Bot API server on loopback, as strict as the real one, with people to play and a clock to move.

It knows HTTP and the published Bot API, and nothing of any bot: whatever speaks the Bot API can be driven with it.
"""
