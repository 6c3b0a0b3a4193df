"""Links that are mailed or shown once: issued, found, used, removed with what they lead to."""
