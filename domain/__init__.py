"""Plain types of the house: no input, no output, no clock."""
