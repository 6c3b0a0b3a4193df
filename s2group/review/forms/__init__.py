"""The forms of the reviewers' pages."""
