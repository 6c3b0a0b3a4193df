"""What reaches applicants from the staff: prepared, seen, held for a while, and then told by page and mail together."""
