"""Runs by the clock, beside the mail worker, the functions that are handed to it."""
