"""How sure a value is: one scale for all fields.

Its steps are set by hand from what was measured, not fitted; from 0.95 on (`model.SURE`) a value is shown as sure.
"""

PROVEN = 0.99
"""Arithmetic or a check digit leaves no room, and a label or a second print says what it is."""

SUPPORTED = 0.97
"""Two independent things agree: prints, readers, or a reading with its label and place."""

LIKELY = 0.9
"""One reading, with its label or its place, and nothing independent that says so."""

DOUBTED = 0.85
"""Something else may be meant as well."""

DISPUTED = 0.7
"""Two readings differ, or it was mended."""

GUESSED = 0.6
"""Little more than its place speaks for it, or two sound values stand against each other."""

FAILED = 0.3
"""It breaks its own rule and no other reading is known, or it is another's."""

CLEAR = 0.965
"""The engine's score from which it has every letter right, as a rule; below it another reader is asked for digits."""

READ_WELL = 0.9
"""The engine's score of a line whose letters can be gone by."""
