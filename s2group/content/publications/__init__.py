"""What the group has published."""
