"""Fixtures of the server's tests."""

from tests.support.stores import opener, postgres, sqlite_template, store, store_url

__all__ = ["opener", "postgres", "sqlite_template", "store", "store_url"]
