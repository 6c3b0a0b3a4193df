"""The people of the group, present and past."""
