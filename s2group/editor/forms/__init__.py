"""The forms of the editors' pages."""
