"""What staff do with interviews: rounds, slots, invitations, and what each interviewer notes."""
