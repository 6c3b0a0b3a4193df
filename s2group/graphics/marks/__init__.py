"""Marks: a small drawing for each paper, person and research area, made from its own words; the same for the same."""
