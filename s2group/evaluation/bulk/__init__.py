"""Doing one thing to many applications: a dry run, then all or nothing, then undo."""
