"""What kinds of things a group releases."""

from enum import StrEnum


class ReleaseKind(StrEnum):
    """What was released."""

    DATASET = "dataset"
    CODE = "code"
    MODEL = "model"
    DEMO = "demo"
