"""What the engine needs from the world beside media (`kiosk.core.media`)."""

from __future__ import annotations

from typing import Protocol

from kiosk.core.effects import CareEffect, Effect
from kiosk.core.events import Event
from kiosk.core.facts import MediaReport
from kiosk.core.health.call import EchoReply
from kiosk.core.media import IceCandidate, PeerSettings
from kiosk.core.path_quality import PathRecord
from signaling.protocol.vocabulary import VisitId


class Chime(Protocol):
    """The gentle sound that calls somebody to the kiosk. It opens no microphone."""

    def ring(self, *, on: bool) -> None:
        """Begin or end; returns at once, and nothing happens when it is so already."""

    def set_volume(self, percent: int) -> None:
        """Set how loud it is from now on, 0 to 100; while it rings, too."""

    def close(self) -> None:
        """End, and let the loudspeaker go."""


class Network(Protocol):
    """This machine's own addresses."""

    def addresses(self) -> frozenset[str]:
        """All that it has now, but those that lead to itself. Returns at once."""


class SignalingListener(Protocol):
    """What the signaling client tells. All calls come on the engine's loop."""

    def happened(self, event: Event) -> None:
        """Something for the session."""

    def answer_came(self, visit_id: VisitId, generation: int, sdp: str) -> None:
        """The console's answer to one generation's offer."""

    def candidate_came(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        """One of the console's candidates."""


class EchoLine(Protocol):
    """What a test of the way to a librarian asks of the server."""

    async def test_settings(self) -> PeerSettings | None:
        """Fresh ICE servers, as a call from here would get them; None when the server did not give them."""

    async def echo(self, sdp: str) -> EchoReply:
        """Call the server's echo with an offer that holds all its candidates."""


class Signaling(EchoLine, Protocol):
    """The way to the server. Sends are dropped while it is away: whatever matters follows from the next snapshot."""

    async def run(self, listener: SignalingListener) -> None:
        """For ever: connect, listen, and connect again."""

    async def send(self, effect: Effect | CareEffect) -> None:
        """Send what the session or the care asks for, in order."""

    async def peer_settings(self, visit_id: VisitId) -> PeerSettings:
        """Fresh ICE servers and bitrates for one call; without the server's word: no ICE servers at all."""

    async def send_offer(self, visit_id: VisitId, generation: int, sdp: str, fingerprint: str) -> bool:
        """Sign the fingerprint with the kiosk's key and send the offer; False when the server did not take it."""

    async def send_candidate(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        """Send one local candidate."""

    async def send_media(self, visit_id: VisitId, report: MediaReport) -> bool:
        """Say what this end sends; False when the server did not take it."""

    async def send_quality(self, visit_id: VisitId, generation: int, record: PathRecord) -> None:
        """Tell what one path was like until now; a later record replaces it, so one that is lost is no matter."""

    async def probe(self, visit_id: VisitId, report: MediaReport) -> None:
        """Make sure that the server is there, by saying again what this end sends.

        Without an acknowledgement in about a second the link is given up and made anew at once, as with `renew`.
        """

    def renew(self) -> None:
        """Make the link anew at once: what it goes by is gone. A try that is under way is given up, too."""

    def hurry(self) -> None:
        """Try at once, if the link is lost and the next try would be later. On the engine's loop."""

    def in_visit(self, *, on: bool) -> None:
        """From now on somebody at the screen needs the server, or nobody does: it is tried more or less often.

        Nothing happens when it is so already. On the engine's loop.
        """

    async def close(self) -> None:
        """Hang up politely."""
