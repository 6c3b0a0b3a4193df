"""What is held before its applicant is told of it, of every kind, and how many there are."""
