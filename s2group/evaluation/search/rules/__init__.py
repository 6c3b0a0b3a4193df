"""The language in which staff say which applications they mean: reading it, its mistakes, writing it. Pure."""
