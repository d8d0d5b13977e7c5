"""Who is there: kiosks by their key, staff by password and cookie."""

from signaling.adapters.auth.kiosks import KioskAuth
from signaling.adapters.auth.passwords import Argon2Passwords
from signaling.adapters.auth.staff import SignedIn, StaffAuth, WeakPassword
from signaling.adapters.auth.throttle import Throttle

__all__ = ["Argon2Passwords", "KioskAuth", "SignedIn", "StaffAuth", "Throttle", "WeakPassword"]
