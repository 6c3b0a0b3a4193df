"""Text in the portal's two languages, and the column types that keep it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

Locale = Literal["zh", "en"]
LOCALES: tuple[Locale, ...] = ("zh", "en")


@dataclass(frozen=True)
class LocalizedText:
    """One text in Chinese and in English; an empty string means 'not translated yet'."""

    zh: str = ""
    en: str = ""

    def in_locale(self, locale: str) -> tuple[str, Locale]:
        """The text for `locale` and the language it really is in: the other one stands in for a missing one."""
        wanted: Locale = "en" if locale == "en" else "zh"
        other: Locale = "zh" if wanted == "en" else "en"
        return (self[wanted], wanted) if self[wanted] or not self[other] else (self[other], other)

    def __getitem__(self, locale: Locale) -> str:
        return self.en if locale == "en" else self.zh

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    @property
    def untranslated(self) -> list[Locale]:
        """The languages in which this text is missing though the other one has it."""
        return [locale for locale in LOCALES if self and not self[locale]]

    @classmethod
    def of(cls, value: Mapping[str, str]) -> "LocalizedText":
        """Read `{"zh": …, "en": …}`; an unknown key is an error (ValueError), a missing one is empty."""
        if unknown := set(value) - set(LOCALES):
            raise ValueError(f"unknown language: {', '.join(sorted(unknown))}")
        return cls(**{locale: text.strip() for locale, text in value.items()})


class Localized(TypeDecorator[LocalizedText]):
    """Keeps a LocalizedText as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: LocalizedText | None, dialect: Dialect) -> Any:
        return None if value is None else asdict(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> LocalizedText | None:
        return None if value is None else LocalizedText(**cast("dict[str, str]", value))


class LocalizedList(TypeDecorator[list[LocalizedText]]):
    """Keeps a list of LocalizedText as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: list[LocalizedText] | None, dialect: Dialect) -> Any:
        return None if value is None else [asdict(text) for text in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[LocalizedText] | None:
        return None if value is None else [LocalizedText(**text) for text in value]
