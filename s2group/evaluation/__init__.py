"""Review of applications: their list, the first look, decisions, and what staff do with the mail about them."""
