"""Which state the public record is in: a token that every transaction renews that changes what the public sees."""
