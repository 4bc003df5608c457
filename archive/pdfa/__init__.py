"""From what was received to a PDF/A-2b: the sheets upright, their text invisible behind them.

Runs in the cage: pure functions over foreign bytes, no network, no database, no file but a font.
"""
