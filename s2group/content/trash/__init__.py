"""What editors have removed from the public record, and can bring back."""
