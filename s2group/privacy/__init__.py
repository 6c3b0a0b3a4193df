"""Deletion, retention and the export of an applicant's data."""
