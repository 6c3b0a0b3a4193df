"""Uploaded files: how they are stored, inspected and shown."""
