"""What a worker does with one page, and what spares it doing so again."""
