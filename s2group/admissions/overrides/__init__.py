"""What people say a requirement comes to, where they have looked closer than the portal can."""
