"""Who has which page of the editor open."""
