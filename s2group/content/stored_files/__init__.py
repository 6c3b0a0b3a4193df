"""The files of the public record, pictures, papers and sounds, as documents in the store."""
