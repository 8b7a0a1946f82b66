"""Properties are judged by what they say, never by the clock: the first example also compiles what it uses."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
