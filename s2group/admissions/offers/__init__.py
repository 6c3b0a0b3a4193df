"""Offers of a place: until when they are answered, what the answer does, and who waits for a place."""
