"""The worker of tests draws the pages of applications."""

from s2group.documents.pages import draw_wanted
from s2group.evaluation.page_images.jobs import draw_ahead


def draw_everything() -> None:
    """Have all pages drawn, again where the machine was too busy."""
    draw_wanted()
    while draw_ahead()[0]:
        draw_wanted()
