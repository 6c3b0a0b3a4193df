"""The search of the public site."""
