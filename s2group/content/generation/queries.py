"""Reads the generation."""

from sqlalchemy import Engine, select

from s2group.content.generation.models import ContentGeneration

_token = select(ContentGeneration.token)


def generation(engine: Engine) -> str:
    """The token of what the public record holds, read outside the session of any request."""
    with engine.connect() as connection:
        return connection.execute(_token).scalar_one()
