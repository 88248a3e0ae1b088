"""Which printed amounts are total, supply, VAT, exempt and service charge, and how far they can be trusted."""
