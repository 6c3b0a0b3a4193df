"""What each reader has seen of an application, and what is new since."""
