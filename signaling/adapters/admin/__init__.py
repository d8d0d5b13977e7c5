"""The console's forms over HTTP: libraries, branches, services, teams, cards, hours, kiosks, accounts, own settings."""

from signaling.adapters.admin.api import AdminApi, PushDesk, RelayDesk

__all__ = ["AdminApi", "PushDesk", "RelayDesk"]
