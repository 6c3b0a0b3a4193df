"""What colleagues say to each other about an application, and whom they ask."""
