"""The page images that readers of applications see."""
