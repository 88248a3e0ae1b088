"""The workbench for many people."""
