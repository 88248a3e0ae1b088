"""Lines become rows and receipts: orientation, segmentation, rows."""
