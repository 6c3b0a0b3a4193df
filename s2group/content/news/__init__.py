"""What is new in the group."""
