"""Taking over a home page that exists: a Jekyll or AcadHomepage page becomes part of a member's record."""
