"""What the tests and benchmarks share: drawn papers and receipts, fakes, servers under test, a browser's screen."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
