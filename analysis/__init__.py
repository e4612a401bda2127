"""The arithmetic. The only room that imports numpy, pandas and matplotlib; it knows no survey."""
