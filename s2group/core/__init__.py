"""What every package stands on: text in two languages, time, transactions, errors, permissions."""
