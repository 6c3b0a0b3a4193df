"""Asking other services how often papers are cited and how many stars repositories have.

Nothing but the operator's command asks: a page shows the last number that is kept.
"""

from s2group.content.metrics.refreshing import Outcome, configured, refresh

__all__ = ["Outcome", "configured", "refresh"]
