"""Custody of what was received: proof that it is whole, delivered, backed up, and removed only on purpose."""
