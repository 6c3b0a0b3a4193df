"""Mail: composed into an outbox within the transaction it tells of, delivered by a worker."""
