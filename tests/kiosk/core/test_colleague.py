"""A colleague in the conversation: which path is whose, who is shown, and what the server is owed of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import GuestFacts, MediaReport, VisitFacts
from kiosk.core.media import PathState
from kiosk.core.snapshot import Notice, Screen, TextEntry
from signaling.protocol.vocabulary import Language, Party, VisitState
from tests.support.visitor import NOON, VISIT, Visitor, connected, failed, idle, talking

BO = GuestFacts("seat-bo", "Bo", 2)
SHOWN = MediaReport(camera_sending=True, microphone_sending=True)
HIDDEN = MediaReport(microphone_sending=True)


def three() -> Visitor:
    """Anna on generation 1, Bo on generation 2, both paths up."""
    visitor = talking()
    visitor.hears(VisitState.TALKING, guest=BO)
    visitor.does(connected(2))
    return visitor


def paths(visitor: Visitor) -> list[int]:
    """The generations that there should be."""
    return list(visitor.plan.generations)


def line(entry: int, text: str, sender: str) -> e.LibrarianTyped:
    return e.LibrarianTyped(VISIT, TextEntry(Party.STAFF, entry, text, done=True, sender=sender))


def test_alone_with_the_librarian_there_is_no_second_path() -> None:
    assert paths(talking()) == [1]
    assert talking().sees().call.colleague is None
    assert paths(idle()) == []


def test_a_colleague_who_is_only_being_asked_has_no_path_yet() -> None:
    visitor = talking()
    visitor.hears(VisitState.TALKING, guest=replace(BO, generation=0))
    assert (visitor.plan.guest_generation, visitor.sees().call.colleague) == (0, None)


def test_a_colleague_who_joins_gets_a_path_beside_the_librarians() -> None:
    visitor = talking()
    before = visitor.plan
    visitor.hears(VisitState.TALKING, guest=BO)
    assert visitor.plan == replace(before, guest_generation=2)
    assert paths(visitor) == [1, 2]
    colleague = visitor.sees().call.colleague
    assert colleague is not None
    assert (colleague.name, colleague.path, colleague.picture_received) == ("Bo", PathState.NEW, False)
    assert not colleague.coming_back


def test_who_joins_is_told_what_was_typed() -> None:
    visitor = talking()
    visitor.does(c.TypeText("Hej"), c.CommitText())
    sent = visitor.hears(VisitState.TALKING, guest=BO)
    assert [type(effect) for effect in sent] == [fx.SendHistory]
    assert visitor.hears(VisitState.TALKING) == ()


def test_both_are_seen_each_by_their_own_path() -> None:
    visitor = three()
    visitor.does(e.PictureCame(2))
    call = visitor.sees().call
    assert call.colleague is not None
    assert (call.colleague.path, call.colleague.picture_received) == (PathState.CONNECTED, True)
    assert not call.picture_received
    assert visitor.sees().screen is Screen.TALKING


def test_what_each_end_sends_is_told_apart_by_its_sender() -> None:
    visitor = three()
    visitor.does(e.LibrarianMedia(VISIT, HIDDEN, "seat-bo"), e.LibrarianMedia(VISIT, SHOWN, "seat-anna"))
    call = visitor.sees().call
    assert call.colleague is not None
    assert (call.librarian_camera, call.colleague.camera, call.colleague.microphone) == (True, False, True)


def test_lines_of_two_seats_with_the_same_number_are_two_lines_with_their_names() -> None:
    visitor = three()
    visitor.does(line(1, "Ett", "seat-anna"), line(1, "Två", "seat-bo"), line(1, "Ett!", "seat-anna"))
    assert [(x.name, x.text) for x in visitor.sees().call.entries] == [("Anna", "Ett!"), ("Bo", "Två")]


def test_a_line_keeps_its_name_when_its_author_has_left() -> None:
    visitor = three()
    visitor.does(line(1, "Hej", "seat-bo"))
    visitor.hears(VisitState.TALKING, guest=None)
    assert [x.name for x in visitor.sees().call.entries] == ["Bo"]


def test_the_colleague_leaving_leaves_nothing_of_that_path() -> None:
    visitor = three()
    visitor.does(e.PictureCame(2))
    visitor.hears(VisitState.TALKING, guest=None)
    assert paths(visitor) == [1]
    assert visitor.sees().call.colleague is None
    visitor.does(failed(2), e.PictureCame(2))  # late words of a path that is no more
    assert (visitor.sees().notice, visitor.sees().call.path) == (Notice.NONE, PathState.CONNECTED)


def test_a_dead_path_to_the_colleague_is_asked_for_again_and_the_librarian_stays() -> None:
    visitor = three()
    assert visitor.does(failed(2)) == (fx.SendAgain(VISIT, 2),)
    call = visitor.sees().call
    assert call.colleague is not None
    assert (call.colleague.coming_back, call.path, visitor.sees().notice) == (True, PathState.CONNECTED, Notice.NONE)
    visitor.hears(VisitState.TALKING, guest=replace(BO, generation=3))
    assert paths(visitor) == [1, 3]
    visitor.does(connected(3))
    call = visitor.sees().call
    assert call.colleague is not None
    assert not call.colleague.coming_back


def test_a_dead_path_to_the_librarian_is_asked_for_again_and_the_colleague_stays() -> None:
    visitor = three()
    assert visitor.does(failed(1)) == (fx.SendAgain(VISIT, 1),)
    visitor.hears(VisitState.CONNECTING, generation=3)
    assert paths(visitor) == [3, 2]
    call = visitor.sees().call
    assert call.colleague is not None
    assert (visitor.sees().screen, visitor.sees().notice) == (Screen.TALKING, Notice.COMING_BACK)
    assert call.colleague.path is PathState.CONNECTED


def test_left_to_the_colleague_the_path_goes_on_as_the_main_one() -> None:
    visitor = three()
    visitor.does(c.ShowCamera(wanted=True), e.PictureCame(2), e.LibrarianMedia(VISIT, HIDDEN, "seat-bo"))
    sent = visitor.hears(VisitState.TALKING, generation=2, librarian_name="Bo", guest=None)
    assert sent == ()
    assert paths(visitor) == [2]
    assert visitor.plan.camera
    call = visitor.sees().call
    assert (call.librarian_name, call.path, call.picture_received) == ("Bo", PathState.CONNECTED, True)
    assert (call.librarian_camera, call.colleague) == (False, None)
    assert visitor.sees().notice is Notice.NONE


def test_left_to_a_colleague_of_whom_no_picture_has_come_none_is_shown() -> None:
    visitor = three()
    visitor.does(e.PictureCame(1))
    visitor.hears(VisitState.TALKING, generation=2, librarian_name="Bo", guest=None)
    assert not visitor.sees().call.picture_received


def test_left_to_the_colleague_while_that_path_is_dead_it_is_asked_for_again() -> None:
    visitor = three()
    visitor.does(failed(2))
    visitor.hears(VisitState.CONNECTING, generation=2, librarian_name="Bo", guest=None)
    assert visitor.waits(4) == (fx.SendAgain(VISIT, 2),)
    assert visitor.sees().notice is Notice.COMING_BACK


def test_another_colleague_starts_with_nothing_of_the_one_before() -> None:
    visitor = three()
    visitor.does(e.PictureCame(2), e.LibrarianMedia(VISIT, HIDDEN, "seat-bo"))
    visitor.hears(VisitState.TALKING, guest=GuestFacts("seat-cy", "Cy", 5))
    colleague = visitor.sees().call.colleague
    assert colleague is not None
    assert (colleague.name, colleague.camera, colleague.picture_received, colleague.coming_back) == (
        "Cy",
        True,
        False,
        False,
    )


def test_on_hold_nothing_is_sent_to_either() -> None:
    visitor = three()
    visitor.does(c.ShowCamera(wanted=True))
    visitor.hears(VisitState.HELD, held_since=NOON)
    plan = visitor.plan
    assert (plan.generations, plan.camera, plan.microphone, plan.sound) == ((1, 2), False, False, False)


def test_a_visitor_back_in_line_has_nobody_there() -> None:
    visitor = three()
    visitor.hears(VisitState.WAITING, guest=None, place=1, generation=2, returned=True)
    assert paths(visitor) == []
    visitor.hears(VisitState.CONNECTING, generation=7, place=0)
    assert (paths(visitor), visitor.plan.camera) == ([7], False)


@pytest.mark.parametrize("first", ["librarian", "colleague"])
def test_after_a_restart_of_the_kiosk_both_paths_are_asked_for_anew(first: str) -> None:
    visitor = Visitor()
    facts = VisitFacts(VISIT, VisitState.TALKING, Language.SV, generation=1, librarian_name="Anna", guest=BO)
    visitor.hears(VisitState.TALKING, generation=facts.generation, librarian_name="Anna", guest=BO)
    assert [effect for effect in visitor.sent if isinstance(effect, fx.SendAgain)] == [
        fx.SendAgain(VISIT, 1),
        fx.SendAgain(VISIT, 2),
    ]
    assert paths(visitor) == []
    if first == "librarian":
        visitor.hears(VisitState.CONNECTING, generation=3)
        assert paths(visitor) == [3]
        visitor.hears(VisitState.CONNECTING, guest=replace(BO, generation=4))
    else:
        visitor.hears(VisitState.TALKING, guest=replace(BO, generation=4))
        visitor.hears(VisitState.CONNECTING, generation=3)
    assert paths(visitor) == [3, 4]


def test_after_a_restart_of_the_kiosk_left_to_the_colleague_that_path_is_asked_for_anew() -> None:
    visitor = Visitor()
    visitor.hears(VisitState.TALKING, generation=1, librarian_name="Anna", guest=BO)
    visitor.hears(VisitState.TALKING, generation=2, librarian_name="Bo", guest=None)
    assert paths(visitor) == []
    assert visitor.waits(4) == (fx.SendAgain(VISIT, 2),)
