"""How fast and how small: medians, ranges and ratios, printed by `make bench`."""
