"""The console's forms over HTTP: libraries, branches, services, teams, cards, hours, kiosks, accounts, own settings."""

from signaling.adapters.admin.api import AdminApi, LineDesk, PushDesk, RelayDesk

__all__ = ["AdminApi", "LineDesk", "PushDesk", "RelayDesk"]
