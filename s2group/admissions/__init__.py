"""Calls for applications, their requirements, and the applications themselves."""
