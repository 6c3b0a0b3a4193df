"""What the worker does by the clock, beside delivering mail."""
