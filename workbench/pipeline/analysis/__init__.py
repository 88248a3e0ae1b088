"""Receipts become DataFrames."""
