"""What the desk shows: the numbers of the navigation, the home page with its charts, and the list."""
