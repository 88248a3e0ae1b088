"""Files become receipts: pages, lines, fields, findings, records; nothing here knows a screen."""
