"""Rendered people that nobody has seen: drawn anew from seeds, to fit on or to keep aside."""
