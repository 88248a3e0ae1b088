"""The state of one review, without widgets."""
