"""What all kinds of the record share: reading files, references between them, comparing rows."""
