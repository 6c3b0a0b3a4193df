"""One row of facts an application: what lists, counts and searches read in place of its answers and outcomes."""
