"""Within a call: typed lines, what the other end says, and what belongs to a path that is no more."""

from __future__ import annotations

import pytest

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import MediaReport
from kiosk.core.media import PathState
from kiosk.core.snapshot import TextEntry
from signaling.protocol.vocabulary import MAX_TEXT_CHARS, MAX_TEXT_ENTRIES, DeviceCondition, Party, VisitId, VisitState
from tests.support.visitor import VISIT, Visitor, coming_back, connected, failed, kinds, talking, waiting

OTHER = VisitId("somebody-elses")


def staff(entry: int, text: str, *, done: bool = False) -> e.LibrarianTyped:
    return e.LibrarianTyped(VISIT, TextEntry(Party.STAFF, entry, text, done))


def typed(visitor: Visitor) -> list[tuple[str, str]]:
    return [(line.author.value, line.text) for line in visitor.sees().call.entries]


# --- typed by the visitor ---------------------------------------------------------------------------------


def test_each_key_sends_the_whole_line_as_it_stands() -> None:
    visitor = talking()
    assert visitor.does(c.TypeText("H")) == (fx.SendText(VISIT, 1, "H", done=False),)
    assert visitor.does(c.TypeText("Hej")) == (fx.SendText(VISIT, 1, "Hej", done=False),)
    assert (visitor.sees().call.draft, typed(visitor)) == ("Hej", [])


def test_enter_finishes_the_line_and_begins_the_next() -> None:
    visitor = talking()
    assert visitor.does(c.TypeText(" Hej "), c.CommitText()) == (fx.SendText(VISIT, 1, "Hej", done=True),)
    assert (visitor.sees().call.draft, typed(visitor)) == ("", [("visitor", "Hej")])
    assert visitor.does(c.TypeText("Och")) == (fx.SendText(VISIT, 2, "Och", done=False),)


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_line_is_not_finished(text: str) -> None:
    visitor = talking()
    assert visitor.does(c.TypeText(text), c.CommitText()) == ()
    assert typed(visitor) == []


def test_a_line_is_no_longer_than_the_wire_carries() -> None:
    visitor = talking()
    (sent,) = visitor.does(c.TypeText("å" * (MAX_TEXT_CHARS + 1)))
    assert isinstance(sent, fx.SendText)
    assert len(sent.text) == MAX_TEXT_CHARS


# --- typed by the librarian -------------------------------------------------------------------------------


def test_the_librarians_line_grows_in_its_place() -> None:
    visitor = talking()
    visitor.does(staff(1, "Ja"), c.TypeText("Tack"), c.CommitText(), staff(1, "Ja, den finns.", done=True))
    assert typed(visitor) == [("staff", "Ja, den finns."), ("visitor", "Tack")]


def test_a_line_that_was_deleted_again_goes_away_and_a_finished_empty_one_stays_a_line() -> None:
    visitor = talking()
    visitor.does(staff(1, "Ne"), staff(1, ""))
    assert typed(visitor) == []
    visitor.does(staff(2, "", done=True))
    assert typed(visitor) == [("staff", "")]


def test_only_so_many_lines_are_kept() -> None:
    visitor = talking()
    for number in range(1, MAX_TEXT_ENTRIES + 3):
        visitor.does(staff(number, f"rad {number}", done=True))
    lines = typed(visitor)
    assert (len(lines), lines[0][1], lines[-1][1]) == (
        MAX_TEXT_ENTRIES,
        "rad 3",
        f"rad {MAX_TEXT_ENTRIES + 2}",
    )


def test_a_line_of_another_visit_is_not_shown() -> None:
    visitor = talking()
    visitor.does(e.LibrarianTyped(OTHER, TextEntry(Party.STAFF, 1, "Hej", done=True)))
    assert typed(visitor) == []


# --- an end that may have missed something ----------------------------------------------------------------


def test_a_new_path_brings_the_other_end_everything_that_was_typed() -> None:
    visitor = talking()
    visitor.does(c.TypeText("Hej"), c.CommitText(), staff(1, "Hej!", done=True), c.TypeText("Har"), failed())
    lines = visitor.sees().call.entries
    assert visitor.hears(VisitState.CONNECTING, generation=2) == (
        fx.SendHistory(VISIT, lines),
        fx.SendText(VISIT, 2, "Har", done=False),
    )


def test_what_was_typed_while_the_link_was_lost_is_sent_when_it_is_back() -> None:
    visitor = talking()
    visitor.does(e.LinkLost(), c.TypeText("Hallå?"), c.CommitText())
    (sent,) = visitor.hears(VisitState.TALKING)
    assert sent == fx.SendHistory(VISIT, (TextEntry(Party.VISITOR, 1, "Hallå?", done=True),))


def test_facts_that_change_neither_path_nor_link_send_nothing_again() -> None:
    visitor = talking()
    visitor.does(c.TypeText("Hej"), c.CommitText())
    assert visitor.hears(VisitState.HELD) == ()


def test_nothing_typed_is_nothing_to_send() -> None:
    visitor = talking()
    visitor.does(e.LinkLost())
    assert visitor.hears(VisitState.TALKING) == ()


def test_what_was_typed_goes_with_the_visit_to_the_next_librarian() -> None:
    visitor = talking()
    visitor.does(c.TypeText("Lånekort"), c.CommitText())
    visitor.hears(VisitState.WAITING, returned=True)
    assert kinds(visitor.hears(VisitState.CONNECTING, generation=2)) == ["history"]


# --- what the path and the other end say ------------------------------------------------------------------


def test_what_the_other_end_sends_is_shown_as_it_says() -> None:
    visitor = talking()
    assert (visitor.sees().call.librarian_camera, visitor.sees().call.librarian_microphone) == (True, True)
    visitor.does(e.LibrarianMedia(VISIT, MediaReport(camera_sending=False, microphone=DeviceCondition.MISSING)))
    assert (visitor.sees().call.librarian_camera, visitor.sees().call.librarian_microphone) == (False, False)


def test_what_another_visits_librarian_sends_is_not_ours() -> None:
    visitor = talking()
    visitor.does(e.LibrarianMedia(OTHER, MediaReport()))
    assert visitor.sees().call.librarian_camera


def test_the_next_librarian_is_not_taken_for_the_one_before() -> None:
    visitor = talking()
    visitor.does(e.LibrarianMedia(VISIT, MediaReport()))
    visitor.hears(VisitState.WAITING, returned=True)
    visitor.hears(VisitState.CONNECTING, generation=2)
    assert visitor.sees().call.librarian_camera


def test_a_picture_counts_for_its_own_path_only() -> None:
    visitor = talking()
    visitor.does(e.PictureCame(1))
    assert visitor.sees().call.picture_received
    visitor.does(failed())
    visitor.hears(VisitState.CONNECTING, generation=2)
    assert not visitor.sees().call.picture_received
    visitor.does(e.PictureCame(2), e.PictureCame(1))  # one of the old path arrives late
    assert visitor.sees().call.picture_received


def test_a_word_of_an_older_path_is_not_taken_for_one_of_this_path() -> None:
    visitor = coming_back()
    assert visitor.does(connected(1)) == ()
    assert visitor.state.visit.librarian.path is PathState.NEW


def test_the_path_is_shown_as_it_is() -> None:
    visitor = talking()
    visitor.does(e.PathChanged(1, PathState.DISCONNECTED))
    assert visitor.sees().call.path is PathState.DISCONNECTED


def test_in_the_line_there_is_nothing_to_type_show_or_mute() -> None:
    visitor = waiting()
    assert visitor.does(c.TypeText("Hej"), c.CommitText(), c.ShowCamera(wanted=True), c.Mute(muted=True)) == ()
    assert visitor.state.visit.camera_wanted is False
