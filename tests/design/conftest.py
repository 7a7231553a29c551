"""hypothesis on a busy machine: no deadlines, for a slow moment is no fault of the code."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rooms", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rooms")
