"""Tags on applications: shared ones, and those that only their owner sees."""
