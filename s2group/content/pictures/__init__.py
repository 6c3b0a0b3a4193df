"""Pictures that the group shows."""
