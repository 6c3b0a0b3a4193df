"""The group itself: its profile, its research areas, its partners."""
