"""A business number becomes a tax record, and a record a standing on the day of the receipt."""
