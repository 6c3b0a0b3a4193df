"""Who of the staff shall rate which application, and who must not."""
