"""A file becomes upright pixels."""
