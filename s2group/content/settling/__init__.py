"""What an editor settles once, for good: which papers are one, and whose an author's name is."""
