"""How much may be asked at once: bounds of a question, none of them of the law."""

YEARS = range(1900, 2101)
"""Years of a day."""
NUMBER = 10**7
"""Of an amount, a count, a coefficient."""
ROWS = 60
"""Pays, years, lines, survivors."""
STOP_DAYS = 3660
STAY_DAYS = 1096
INDEMNIFIED_DAYS = 1095
"""Days already indemnified: those of three years."""
WITHHELD = 1000
"""Participations already taken."""
AGE = 120
LONG_ENOUGH = 36
"""Months of affiliation that are supposed."""
