"""What both roles are shown of services: who can answer them, and whether they are offered now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from pydantic import JsonValue

from signaling.domain.line import Availability, availability, availability_at
from signaling.domain.model import Standing
from signaling.domain.places import Library, Service
from signaling.protocol.messages import AvailabilityView, ServiceEntry
from signaling.protocol.vocabulary import MAX_SEATS_SHOWN, Language, LibraryId, ServiceId
from signaling.service.snapshots import Parts, Scene, as_json

#: So many first names fit on an idle screen; the wire takes no more.
MAX_NAMES: Final = 50
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class ServiceLook:
    """One look at the services of one line.

    Args:
        scene: The line and the places.
        parts: What was shown before.
    """

    def __init__(self, scene: Scene, parts: Parts) -> None:
        self._scene = scene
        self._parts = parts
        self._services: dict[ServiceId, AvailabilityView] = {}
        self._libraries: dict[LibraryId, Mapping[str, JsonValue]] = {}

    def of_library(self, library: Library, branch: Standing | None = None) -> Mapping[str, JsonValue]:
        """`services` and `availability` of one library as JSON, as a kiosk of it sees them.

        Args:
            library: Whose services.
            branch: How the kiosk's branch stands; while it is closed, so are its services.
        """
        if branch is not None and not branch.open:
            return self._make(library, branch)
        found = self._libraries.get(library.id)
        if found is None:
            found = self._libraries[library.id] = self._make(library, None)
        return found

    def of_line(self) -> dict[str, JsonValue]:
        """`services` of all libraries of the line as JSON."""
        services = [service for service in self._known() if service.library_id in self._scene.libraries]
        return self._entries("line", services, None)

    # --- private ------------------------------------------------------------------------------------------

    def _known(self) -> Iterable[Service]:
        # The most wanted first: in this order they stand on idle screens, whatever order the database gives.
        return sorted(self._scene.directory.services.values(), key=lambda one: (-one.priority, one.id))

    def _make(self, library: Library, closed: Standing | None) -> Mapping[str, JsonValue]:
        services = [service for service in self._known() if service.library_id == library.id]
        key = library.id if closed is None else closed.subject_id
        overall = _shown(
            availability_at(self._scene.line, self._scene.setup, library.id), _over_all(self._stand(services))
        )
        if closed is not None:
            overall = _closed(overall, closed)
        return {
            "services": self._entries(key, services, closed),
            "availability": self._parts.same(("availability", key), as_json(overall)),
        }

    def _entries(self, key: str, services: Iterable[Service], closed: Standing | None) -> dict[str, JsonValue]:
        return self._parts.entries(
            ("services", key), ((service.id, as_json(self._entry(service, closed))) for service in services)
        )

    def _entry(self, service: Service, closed: Standing | None) -> ServiceEntry:
        now_so = self._services.get(service.id)
        if now_so is None:
            now_so = self._services[service.id] = _shown(
                availability(self._scene.line, self._scene.setup, service.id), self._scene.standing(service.id)
            )
        return ServiceEntry(
            id=service.id,
            names=dict(service.names),
            languages=in_vocabulary_order(service.languages),
            availability=now_so if closed is None else _closed(now_so, closed),
        )

    def _stand(self, services: Iterable[Service]) -> list[Standing]:
        return [self._scene.standing(service.id) for service in services]


def in_vocabulary_order(languages: Iterable[Language]) -> tuple[Language, ...]:
    """Each once, in the order of the vocabulary: sets have no order that stays."""
    given = set(languages)
    return tuple(language for language in Language if language in given)


def _shown(now_so: Availability, standing: Standing) -> AvailabilityView:
    return AvailabilityView(
        answerable=min(now_so.answerable, MAX_SEATS_SHOWN),
        free=min(now_so.free, MAX_SEATS_SHOWN),
        names=now_so.names[:MAX_NAMES],
        languages=now_so.languages,
        open=standing.open,
        next_open=standing.next_open,
        closed_texts=dict(standing.closed_texts),
    )


def _over_all(standings: list[Standing]) -> Standing:
    """Open when one of them is; otherwise as the first one that opens again."""
    if not standings or any(standing.open for standing in standings):
        return Standing("")
    return min(standings, key=_opens)


def _opens(standing: Standing) -> tuple[datetime, str]:
    return (standing.next_open or _NEVER, standing.subject_id)


def _closed(now_so: AvailabilityView, branch: Standing) -> AvailabilityView:
    """While a branch is closed nothing is offered there; a service may be closed for longer."""
    opens = [moment for moment in (branch.next_open, now_so.next_open) if moment is not None]
    unknown = branch.next_open is None or (not now_so.open and now_so.next_open is None)
    return now_so.model_copy(
        update={
            "open": False,
            "next_open": None if unknown or not opens else max(opens),
            "closed_texts": dict(branch.closed_texts),
        }
    )
