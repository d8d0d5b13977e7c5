"""Fixtures of the use cases: a store of each kind that needs no server of its own."""

from tests.support.stores import opener, sqlite_template, store, store_url

__all__ = ["opener", "sqlite_template", "store", "store_url"]
