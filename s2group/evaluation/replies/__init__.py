"""Replies that came to a mailbox of the staff: found an application for, and added to it."""
