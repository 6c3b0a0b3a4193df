"""Recordings that the group lets visitors hear, beside the papers and research areas that they are of."""
