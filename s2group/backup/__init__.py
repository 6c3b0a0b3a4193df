"""One archive of database and files: made, verified, restored."""
