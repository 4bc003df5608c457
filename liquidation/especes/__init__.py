"""Cash benefits: indemnités journalières and capital décès, day by day and to the cent."""
