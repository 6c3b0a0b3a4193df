"""Review of applications: the list, the first look, and what follows."""
