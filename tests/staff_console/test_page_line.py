"""The line, lines to who waits, colleagues, rings of three kinds, a number called back, a kiosk that rests."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from signaling.protocol.messages import OtherSeat
from signaling.protocol.vocabulary import Language, NotePhrase, OfferKind, VisitState
from tests.support import sample_views as views
from tests.support.console_stage import ConsoleStage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]


# --- who waits ------------------------------------------------------------------------------------------------------


async def test_the_line_tells_numbers_and_languages_that_nobody_speaks(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(line=views.line_of_all_kinds())
    ticket, unanswerable, noted = [stage.at("line-entry").nth(place) for place in range(3)]
    await expect(ticket).to_contain_text("Number 7 waits to be called back")
    await expect(unanswerable).to_contain_text("Nobody on duty can answer this right now")
    await expect(noted).to_contain_text("Told: Soon with you")
    await expect(stage.at("line-call")).to_contain_text("Bjørn Dahl calls number 6 back")
    only_swedish = {
        seat: colleague.model_copy(update={"languages": (Language.SV,)})
        for seat, colleague in stage.server.view.colleagues.items()
    }
    await stage.server.show(colleagues=only_swedish)
    await stage.server.show_seat(languages=(Language.SV,))
    await expect(unanswerable).to_contain_text("Nobody on duty speaks that language right now")


async def test_a_line_is_sent_without_opening_the_call(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(line=views.line_of_three())
    await stage.at("note-visit-3").click()
    await stage.at("note-visit-3-few_minutes").click()
    await stage.server.expect("visit.note", visit_id="visit-3", phrase="few_minutes")
    line = views.line_of_three()
    line["visit-3"] = line["visit-3"].model_copy(update={"note": NotePhrase.FEW_MINUTES})
    await stage.server.show(line=line)
    await expect(stage.at("line-note")).to_contain_text("A few minutes more")
    assert "offer.accept" not in stage.server.names()


async def test_nobody_stands_before_a_kiosk_whose_number_waits_so_no_line_is_sent(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(line=views.line_of_all_kinds())
    await stage.at("note-visit-3").wait_for()
    assert await stage.at("note-visit-2").count() == 0


# --- rings ----------------------------------------------------------------------------------------------------------


async def test_a_ring_for_another_branch_says_for_whom_one_answers_and_what_one_should_know(
    stage: ConsoleStage,
) -> None:
    await stage.ring(branch_name="Burträsk", answers_for="Burträsk", branch_notes=views.NOTES)
    await expect(stage.at("answers-for")).to_contain_text("You answer for Burträsk")
    await expect(stage.at("answers-for")).to_contain_text("the hatch to the left of the entrance")
    await stage.at("ring-preview").wait_for()


async def test_a_number_that_waits_rings_as_a_number(stage: ConsoleStage) -> None:
    await stage.ring(ticket=7)
    await expect(stage.at("ring-lead")).to_have_text("Number 7 waits to be called back")
    await expect(stage.at("accept")).to_contain_text("Call back")


async def test_a_colleague_who_asks_for_company_looks_different(stage: ConsoleStage) -> None:
    await stage.ring(kind=OfferKind.JOIN, asked_by="Karin")
    await expect(stage.at("ring-lead")).to_have_text("Karin asks you into a conversation")
    joining = await stage.at("ring").evaluate("one => getComputedStyle(one).borderTopColor")
    await stage.page.keyboard.press("a")
    await stage.server.expect("offer.accept", offer_id=views.OFFER)
    await stage.server.show(offer=views.offer(id="offer-2"))
    await expect(stage.at("ring-lead")).to_have_text("A visitor is calling")
    assert await stage.at("ring").evaluate("one => getComputedStyle(one).borderTopColor") != joining


# --- a number is called back ----------------------------------------------------------------------------------------


async def test_a_number_that_is_called_back_says_how_long_and_can_be_given_up(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    calling = views.visit(
        state=VisitState.CALLING, branch_name="Burträsk", ticket=7, calling_until=views.ago(-50), generation=0
    )
    await stage.server.show(visit=calling)
    await expect(stage.at("calling")).to_contain_text("Number 7 is being called at Burträsk…")
    await expect(stage.at("calling-until")).to_contain_text("If nobody comes, it ends at")
    assert await stage.at("call").count() == 0
    await stage.at("give-up").click()
    await stage.server.expect("visit.leave", visit_id=views.VISIT)


# --- colleagues -----------------------------------------------------------------------------------------------------


async def test_one_click_asks_a_free_colleague_in_and_one_takes_it_back(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.server.show(colleagues=views.colleagues_of_all_kinds())
    await stage.at("invite-seat-3").wait_for()
    assert await stage.page.locator("[data-testid^=invite-]").count() == 1, "only who is free can be asked"
    await stage.at("invite-seat-3").click()
    await stage.server.expect("visit.invite", visit_id=views.VISIT, seat_id="seat-3")
    await stage.server.show_visit(asked="Sara Öberg")
    await expect(stage.at("asking")).to_contain_text("Asking Sara…")
    assert await stage.page.locator("[data-testid^=invite-]").count() == 0
    await stage.at("uninvite").click()
    await stage.server.expect("visit.uninvite", visit_id=views.VISIT)


async def test_a_colleague_in_the_conversation_stands_first_and_can_be_thanked(stage: ConsoleStage) -> None:
    await stage.talk()
    other = OtherSeat(seat_id="seat-3", name="Sara Öberg", generation=2, offers=True, connected=False)
    await stage.server.show_visit(other=other)
    first = stage.at("colleague").first
    await expect(first).to_have_attribute("data-how", "here")
    await expect(first).to_contain_text("Sara Öberg")
    await stage.at("thank-colleague").click()
    await stage.server.expect("visit.uninvite", visit_id=views.VISIT)


async def test_a_colleague_who_was_brought_in_brings_nobody_in_and_flags_nothing(stage: ConsoleStage) -> None:
    await stage.talk()
    other = OtherSeat(seat_id="seat-3", name="Sara Öberg", generation=2, offers=False, connected=False)
    await stage.server.show_visit(guest=True, other=other)
    await expect(stage.at("colleague").first).to_have_attribute("data-how", "here")
    assert await stage.page.locator("[data-testid^=invite-], [data-testid=thank-colleague]").count() == 0
    assert await stage.at("flag").count() == 0


async def test_what_a_colleague_types_bears_the_colleagues_name(stage: ConsoleStage) -> None:
    await stage.talk()
    other = OtherSeat(seat_id="seat-3", name="Sara Öberg", generation=2, offers=True, connected=False)
    await stage.server.show_visit(other=other)
    await stage.at("text-input").press_sequentially("Hej")
    await stage.at("text-input").press("Enter")
    line = {"visit_id": views.VISIT, "entry": 1, "text": "Hej från Sara", "done": True}
    await stage.server.emit("text.draft", {**line, "author": "staff", "sender": "seat-3"})
    await expect(stage.at("text-colleague")).to_contain_text("Sara Öberg")
    await expect(stage.at("text-colleague")).to_contain_text("Hej från Sara")
    await expect(stage.at("text-staff")).to_contain_text("You")


# --- a kiosk that rests ---------------------------------------------------------------------------------------------


async def test_a_kiosk_that_rests_after_a_flagged_visit_can_go_on(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(close_out=views.close_out(locked_until=views.ago(-9 * 60)))
    await expect(stage.at("resting")).to_contain_text("The kiosk rests until")
    await stage.at("unlock-kiosk").click()
    await stage.server.expect("kiosk.unlock", visit_id=views.VISIT)
    await stage.server.show(close_out=views.close_out())
    await stage.at("resting").wait_for(state="detached")
    await stage.at("close-out").wait_for()
