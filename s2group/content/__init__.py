"""The group's public record: profile, members, publications, projects, news."""
