"""The version of this program; in a module of its own, for workers compare it with that of their server."""

VERSION = "0.2.0"
