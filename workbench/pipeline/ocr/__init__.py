"""Pixels become lines of text."""
