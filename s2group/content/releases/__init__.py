"""What the group has released for others to use."""
