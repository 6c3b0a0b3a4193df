"""Giving applications to reviewers so that each has about as many: tried first, then all or nothing."""
