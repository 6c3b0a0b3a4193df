"""What the public pages say to search engines."""
