"""Fields become findings."""
