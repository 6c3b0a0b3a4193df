"""Mail about an application that somebody of the group got in a mailbox of their own, and has added to it."""
