"""The server's words in the kiosk's own: all that a kiosk is told, and the messages that it sends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.adapters import wire
from kiosk.core import effects as fx
from kiosk.core.facts import EstimateFacts, MediaReport
from kiosk.core.media import PeerSettings
from kiosk.core.snapshot import BranchClosed
from signaling.protocol.messages import MESSAGES, IceServers, KioskView
from signaling.protocol.vocabulary import (
    EstimateReason,
    Language,
    Nobody,
    NotePhrase,
    ServiceId,
    VisitId,
    VisitState,
)
from tests.support.fake_kiosk_server import VIEW

VISIT = VisitId("v1")
AT = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
SV, NB = Language.SV, Language.NB


def view(**changes: object) -> KioskView:
    return KioskView.model_validate({**VIEW.model_dump(mode="json"), **changes})


def test_each_service_keeps_its_own_names_languages_and_people() -> None:
    facts = wire.facts_from(
        view(
            services={
                "library-help": {"id": "library-help", "names": {"sv": "Hjälp"}},
                "permits": {
                    "id": "permits",
                    "names": {"sv": "Bygglov"},
                    "languages": ["sv"],
                    "availability": {
                        "answerable": 2,
                        "free": 1,
                        "names": ["Anna"],
                        "languages": ["sv", "nb"],
                        "open": False,
                        "next_open": AT.isoformat(),
                        "closed_texts": {"sv": "julafton"},
                    },
                },
            }
        )
    )
    first, permits = facts.services
    assert (first.id, first.availability.answerable_seats) == ("library-help", 0)
    assert (permits.names, permits.languages) == ({SV: "Bygglov"}, (SV,))
    there = permits.availability
    assert (there.answerable_seats, there.free_seats, there.on_duty_names) == (2, 1, ("Anna",))
    assert (there.languages, there.open, there.next_open) == ((SV, NB), False, AT)
    assert there.closed_texts == {SV: "julafton"}
    assert facts.service(ServiceId("permits")) is permits
    assert facts.service(None) is first
    assert facts.service(ServiceId("gone")) is None


def test_the_cards_stand_in_the_branchs_order() -> None:
    cards = {
        "b": {"id": "b", "position": 2, "titles": {"sv": "B"}, "bodies": {"sv": "…"}},
        "c": {"id": "c", "position": 1, "titles": {"sv": "C"}, "bodies": {}},
        "a": {"id": "a", "position": 2, "titles": {"sv": "A"}, "bodies": {}},
    }
    branch = wire.facts_from(view(cards=cards, urgent_number="113")).branch
    assert [card.id for card in branch.cards] == ["c", "a", "b"]
    assert (branch.cards[2].titles, branch.cards[2].bodies) == ({SV: "B"}, {SV: "…"})
    assert branch.urgent_number == "113"


def test_a_close_a_rest_and_the_numbers_come_through() -> None:
    facts = wire.facts_from(
        view(
            closed={"until": AT.isoformat(), "texts": {"sv": "Nytt golv"}},
            locked_until=AT.isoformat(),
            tickets=[7, 9],
        ),
        server_ahead_s=3.5,
    )
    assert facts.closed == BranchClosed(AT, {SV: "Nytt golv"})
    assert (facts.locked_until, facts.tickets, facts.server_ahead_s) == (AT, (7, 9), 3.5)
    assert wire.facts_from(VIEW).closed is None


def test_all_that_is_said_of_a_visit_comes_through() -> None:
    visit = {
        "id": "v1",
        "state": "calling",
        "service_id": "library-help",
        "language": "nb",
        "place": 3,
        "generation": 2,
        "opened_at": AT.isoformat(),
        "choices": True,
        "nobody": "language",
        "estimate": {"from_time": AT.isoformat(), "by_time": AT.isoformat(), "reason": "fewer_seats"},
        "ticket": 7,
        "calling_until": AT.isoformat(),
        "note": "soon_with_you",
    }
    heard = wire.facts_from(view(visit=visit)).visit
    assert heard is not None
    assert (heard.state, heard.service_id, heard.language, heard.place) == (
        VisitState.CALLING,
        "library-help",
        NB,
        3,
    )
    assert (heard.choices, heard.nobody, heard.note) == (True, Nobody.LANGUAGE, NotePhrase.SOON_WITH_YOU)
    assert heard.estimate == EstimateFacts(AT, AT, EstimateReason.FEWER_SEATS)
    assert (heard.ticket, heard.calling_until) == (7, AT)


@pytest.mark.parametrize(
    ("effect", "name"),
    [
        (fx.SendCancel(VISIT), "visit.cancel"),
        (fx.SendFinish(VISIT), "visit.finish"),
        (fx.SendTicket(VISIT), "visit.ticket"),
        (fx.SendKeepWaiting(VISIT), "visit.keep_waiting"),
        (fx.SendAnswer(VISIT), "visit.answer"),
    ],
)
def test_what_needs_the_visit_alone_says_no_more(effect: fx.Effect, name: str) -> None:
    said, message = wire.message_for(effect)
    assert (said, message.model_dump()) == (name, {"visit_id": "v1"})
    assert isinstance(message, MESSAGES[name].payload)


def test_what_survives_a_cut_comes_over_whole() -> None:
    visit = {
        "id": "v1",
        "state": "offered",
        "service_id": "library-help",
        "language": "sv",
        "place": 1,
        "generation": 0,
        "opened_at": AT.isoformat(),
        "preparing": [3, 4],
        "coming_back_until": AT.isoformat(),
    }
    facts = wire.facts_from(view(visit=visit, push_to_talk=True))
    assert facts.push_to_talk
    assert facts.visit is not None
    assert (facts.visit.preparing, facts.visit.coming_back_until) == ((3, 4), AT)


def test_a_branchs_bitrates_and_relay_reach_the_peer() -> None:
    granted = IceServers(servers=(), relay_only=True, video_start_kbps=800, video_max_kbps=1500, audio_max_kbps=32)
    assert wire.settings_from(granted) == PeerSettings((), True, 800, 1500, 32)


@pytest.mark.parametrize("paused", [True, False])
def test_that_a_picture_was_given_up_for_the_sound_goes_both_ways(paused: bool) -> None:
    report = MediaReport(camera_sending=True, picture_paused=paused)
    message = wire.media_message(VISIT, report)
    assert message.picture_paused is paused
    assert wire.report_from(message) == report
