"""A reader's way through some applications, in an order that stays as it was when they began."""
