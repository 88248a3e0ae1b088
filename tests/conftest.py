"""For every test: a machine may be loaded, so that no example of a property test is late."""

from hypothesis import settings

settings.register_profile("workbench", deadline=None)
settings.load_profile("workbench")
