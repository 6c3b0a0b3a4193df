"""What kinds of news there are."""

from enum import StrEnum


class NewsCategory(StrEnum):
    """What a piece of news is about."""

    PAPER = "paper"
    AWARD = "award"
    PROJECT = "project"
    ACTIVITY = "activity"
    VISIT = "visit"
    DATASET = "dataset"
    SERVICE = "service"
    NOTICE = "notice"
