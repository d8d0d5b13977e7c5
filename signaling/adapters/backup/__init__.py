"""One file with everything that the database holds, and a database made of it again."""

from signaling.adapters.backup.archive import BackupError, Manifest
from signaling.adapters.backup.copying import Made, back_up, restore
from signaling.adapters.backup.shelf import forget_old, new_name

__all__ = ["BackupError", "Made", "Manifest", "back_up", "forget_old", "new_name", "restore"]
