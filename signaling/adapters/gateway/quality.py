"""What ends tell of their paths: who may tell, what is kept of it, and what is counted.

Figures and codes of a path, of no person and without any address. What it does not do: judge a path; the ends do.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Generic, TypeVar

import structlog

from signaling.adapters.gateway.connections import Pace
from signaling.adapters.metrics import PrometheusMetrics
from signaling.domain.model import Visit
from signaling.domain.places import Directory
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages import CallQuality
from signaling.protocol.vocabulary import IceTrouble, Party, PathFault, PathQuality, VisitId, VisitState
from signaling.service.ports import Clock, QualityRecord, Store

#: The last word on a path comes when the visit has just ended; after this time nobody has anything left to tell.
LATE: Final = timedelta(minutes=2)
#: A path is told of every 20 s and at its end, and an end has at most five at once: this is more than any needs.
TELLS_PER_S: Final = 1.0
TELLS_BURST: Final = 20
#: So much is remembered on this node; what is older is looked up or counted anew.
REMEMBERED: Final = 4096

_WORDS: Final = tuple(PathQuality)

V = TypeVar("V")
_log = structlog.get_logger(__name__)


class Recent(Generic[V]):
    """The latest values by key; the oldest go."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._values: OrderedDict[tuple[str, ...], V] = OrderedDict()

    def get(self, key: tuple[str, ...]) -> V | None:
        """What was put last."""
        return self._values.get(key)

    def put(self, key: tuple[str, ...], value: V) -> None:
        """Remember it as the latest."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._limit:
            self._values.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted already of one path at one end: each of these once, however often it is told.

    Attributes:
        worst: None until it was connected.
        between_seats: It touches no kiosk's network.
    """

    worst: PathQuality | None = None
    faults: frozenset[PathFault] = frozenset()
    troubles: frozenset[IceTrouble] = frozenset()
    between_seats: bool = False


class QualityDesk:
    """Takes what ends tell of their paths.

    Args:
        store: Keeps the records.
        clock: Time.
        directory: Which branch a kiosk stands in, and whose that is.
        metrics: Counts.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        directory: Callable[[], Awaitable[Directory]],
        metrics: PrometheusMetrics,
    ) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._metrics = metrics
        self._paces: Recent[Pace] = Recent()
        self._present: Recent[bool] = Recent()
        self._counted: Recent[Counted] = Recent()

    def took_part(self, party_id: str, visit_id: VisitId) -> None:
        """This end asked for the way to a call of this visit and was let: it may tell how it was, though it left."""
        self._present.put((visit_id, party_id), value=True)

    async def tell(self, party: Party, party_id: str, told: CallQuality) -> None:
        """One end tells of one path, from its start until now.

        Args:
            party: What it is.
            party_id: Its kiosk or seat.
            told: As it came.

        Raises:
            WireError: `too_fast`; `not_found` (it has no part in such a visit), `wrong_state` (it is over for long),
                `stale_generation` (there was no such path).
            StoreError: The database is away.
        """
        now = self._clock.now()
        pace = self._paces.get((party_id,)) or Pace(now.timestamp(), TELLS_PER_S, TELLS_BURST)
        self._paces.put((party_id,), pace)
        if not pace.allows(now.timestamp()):
            raise WireError(ErrorCode.TOO_FAST)
        visit = await self._visit(party, party_id, VisitId(told.visit_id))
        if visit.state is VisitState.ENDED and (visit.ended_at is None or now - visit.ended_at > LATE):
            raise WireError(ErrorCode.WRONG_STATE, {"state": visit.state.value})
        if told.generation > visit.generations:
            raise WireError(ErrorCode.STALE_GENERATION, {"generation": visit.generation})
        if self._count(party, party_id, visit, told).between_seats:
            return
        branch = (await self._directory()).branches.get(visit.branch_id)
        if branch is None:  # taken away meanwhile
            return
        figures = {name: getattr(told, name) for name in CallQuality.model_fields if name != "visit_id"}
        record = QualityRecord(
            visit_id=visit.id,
            party=party,
            kiosk_id=visit.kiosk_id,
            branch_id=branch.id,
            library_id=branch.library_id,
            at=now,
            **figures,
        )
        await self._store.put_quality(record)

    async def _visit(self, party: Party, party_id: str, visit_id: VisitId) -> Visit:
        visit = await self._store.find_visit(visit_id)
        if visit is None:
            raise WireError(ErrorCode.NOT_FOUND)
        ends = (visit.kiosk_id,) if party is Party.VISITOR else (visit.seat_id, visit.guest_seat_id)
        if party_id not in ends and not self._present.get((visit_id, party_id)):
            raise WireError(ErrorCode.NOT_FOUND)
        return visit

    def _count(self, party: Party, party_id: str, visit: Visit, told: CallQuality) -> Counted:
        key = (visit.id, str(told.generation), party_id)
        before = self._counted.get(key) or Counted(between_seats=told.generation == visit.staff_generation)
        after = replace(
            before,
            faults=before.faults | set(told.faults),
            troubles=before.troubles | set(told.troubles),
            worst=_worse(before.worst, told.worst) if told.connect_ms is not None else before.worst,
        )
        self._counted.put(key, after)
        end = party.value
        if told.connect_ms is not None:
            if before.worst is None:
                self._metrics.count("call_paths", {"end": end, "relayed": "yes" if told.relayed else "no"})
                self._metrics.observe("call_path_connect", told.connect_ms / 1000)
            self._metrics.observe_percent("call_path_loss", told.loss_in_percent)
            if told.round_trip_ms is not None:
                self._metrics.observe("call_path_round_trip", told.round_trip_ms / 1000)
        if after.worst is not None and after.worst is not before.worst:
            self._metrics.count("call_path_worst", {"end": end, "word": after.worst.value})
        for fault in after.faults - before.faults:
            self._metrics.count("call_path_faults", {"end": end, "fault": fault.value})
            _log.info("call_path_fault", end=end, fault=fault.value, kiosk_id=visit.kiosk_id)
        for trouble in after.troubles - before.troubles:
            self._metrics.count("call_path_troubles", {"end": end, "trouble": trouble.value})
            _log.info("call_path_trouble", end=end, trouble=trouble.value, kiosk_id=visit.kiosk_id)
        return after


def _worse(one: PathQuality | None, other: PathQuality) -> PathQuality:
    """The vocabulary has them from best to worst."""
    return other if one is None else max(one, other, key=_WORDS.index)
