"""One audit case on disk: its files, receipts and corrections; the Python API."""



