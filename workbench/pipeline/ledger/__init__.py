"""The auditor's other lists: statements, and receipts reconciled with them."""
