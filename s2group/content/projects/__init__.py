"""What funds the group."""
