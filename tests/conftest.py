"""What holds for every test: Hypothesis judges answers, not how busy the machine is."""

from hypothesis import settings

settings.register_profile("stylekin", deadline=None)
settings.load_profile("stylekin")
