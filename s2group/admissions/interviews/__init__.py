"""Interviews: rounds with their slots, who is invited, which slot is whose, and the mail about it."""
