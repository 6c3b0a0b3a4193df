"""The files of the public record, pictures and papers, as documents in the store."""
