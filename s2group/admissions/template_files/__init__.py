"""Files that go along with the mails of a template, such as guidelines."""
