"""The pages of the group's editors and administrators."""
