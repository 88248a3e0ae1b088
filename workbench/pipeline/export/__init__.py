"""Receipts become files for the workpaper."""
