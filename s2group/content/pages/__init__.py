"""Pages of the group's own, and what every public page is called."""
