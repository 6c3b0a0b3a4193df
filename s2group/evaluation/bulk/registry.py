"""All that can be done to many applications, by its key."""

from s2group.evaluation.bulk.assigning import Assign, Unassign
from s2group.evaluation.bulk.moving import Move
from s2group.evaluation.bulk.protocol import BulkAction
from s2group.evaluation.bulk.tagging import Tag, Untag

ACTIONS: dict[str, BulkAction] = {action.key: action for action in (Move(), Tag(), Untag(), Assign(), Unassign())}
