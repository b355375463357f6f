"""Lists for a few shoppers beside each other, as pictures and in figures: what docs/ranking.md shows."""
