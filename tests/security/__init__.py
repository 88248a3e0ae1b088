"""Attacks on loopback."""
