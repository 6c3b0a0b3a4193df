"""Custody of what was received: whether it is whole, delivered and opened; rows, files and mail compared."""
