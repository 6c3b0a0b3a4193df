"""The public site as plain files, for groups whose pages lie where no program runs."""
