"""Where the published content leads, and which of it no longer answers."""
