"""Reminding those of the staff who owe an applicant an answer, before it is due."""
