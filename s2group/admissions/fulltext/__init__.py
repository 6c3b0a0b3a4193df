"""The words of every application, its documents' too, as an index of the database finds them."""
