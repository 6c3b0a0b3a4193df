"""The verbs of admissions, a file a concept; each owns its transaction."""
