"""The pages of the PI and the co-reviewers."""
