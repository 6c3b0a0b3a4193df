"""Hints that somebody may have a conflict of interest. They decide themselves; a hint hinders nobody."""
