"""What members of the group propose for the public record, by a mailed link, until an editor decides."""
