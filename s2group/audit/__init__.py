"""Who did what to what, and when: events that are written with the change they tell of, and never changed."""
