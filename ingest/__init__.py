"""What comes in: the gate, deposits and their receipts, lots, the hot folder."""
