"""What things are: pure records, their schema and arithmetic, and what can go wrong."""
