"""Deletion, retention and export of an applicant's data, and the log of what was deleted."""
