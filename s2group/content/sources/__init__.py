"""The content files, one module a file: what it says as rows, and how the database comes to say the same."""
