"""Random visitors, a random server and a bad line between them: what must hold whatever happens.

The server of this test keeps one visit as the real one does, with the table of `signaling.domain.visit`. Messages and
facts are delivered late, and a lost link loses what was on its way.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import MediaReport, ServerFacts, VisitFacts
from kiosk.core.media import PathState
from kiosk.core.snapshot import Notice, Screen, TextEntry
from kiosk.core.state import DEFAULT_VOLUME_PERCENT, IN_CALL, IN_LINE, OPEN_PATIENCE_S, VisitMemory, chimes
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import Language, OutOfServiceCause, Party, PathFault, VisitId, VisitState
from tests.support.visitor import FACTS, NOBODY, Visitor

IN_CALL_COMMANDS = st.one_of(
    st.booleans().map(c.ShowCamera),
    st.booleans().map(c.Mute),
    st.booleans().map(c.Speak),
    st.integers(-10, 110).map(c.SetVolume),
    st.text(max_size=3).map(c.TypeText),
    st.just(c.CommitText()),
)
OTHER_COMMANDS = st.one_of(
    st.sampled_from(Language).map(c.ChooseLanguage),
    st.integers(1, 3).map(c.GiveFeedback),
    st.sampled_from([c.Touched(), c.Dismiss()]),
)
#: So long the server remembers the tap of a visit that is over (`signaling.domain.policy`).
SAME_TAP_S = 10
#: How the librarian's side moves a visit on.
NEXT = {
    VisitState.WAITING: VisitState.OFFERED,
    VisitState.OFFERED: VisitState.CONNECTING,
    VisitState.TALKING: VisitState.HELD,
    VisitState.HELD: VisitState.TALKING,
}


def lasting(memory: VisitMemory) -> VisitMemory:
    """What time alone does not change."""
    ends = (memory.librarian, memory.colleague)
    librarian, colleague = (replace(end, older=None, again=False, no_picture_s=None) for end in ends)
    return replace(memory, librarian=librarian, colleague=colleague)


class FakeServer:
    """One kiosk's visit, as the real server keeps it."""

    def __init__(self) -> None:
        self.visit: VisitFacts | None = None
        self.request = ""
        self.over = ""  # the tap of the visit that ended last; remembered for `same_tap_s`
        self.visits = 0
        self.answerable = True
        self.last: VisitId | None = None
        self.tickets: list[tuple[int, VisitFacts]] = []
        self.numbers = 0
        self.called: set[VisitId] = set()  # visits that were a number once
        self.generations = 0

    @property
    def facts(self) -> ServerFacts:
        """What it would show now."""
        available = FACTS.availability if self.answerable else NOBODY
        services = tuple(replace(service, availability=available) for service in FACTS.services)
        numbers = tuple(number for number, _ in self.tickets)
        return replace(FACTS, availability=available, services=services, visit=self.visit, tickets=numbers)

    def takes(self, effect: fx.Effect) -> ErrorCode | None:
        """Take a message in; returns why it is refused."""
        if isinstance(effect, fx.SendOpen):
            return self._opens(effect)
        visit = self.visit
        if visit is None or effect.visit_id != visit.id:
            return self._of_another(effect)
        if isinstance(effect, fx.SendTicket | fx.SendKeepWaiting | fx.SendAnswer):
            return self._of_the_line(effect, visit)
        match effect:
            case fx.SendCancel():
                if visit.state in {VisitState.TALKING, VisitState.HELD}:
                    return ErrorCode.WRONG_STATE
                self.ends()
            case fx.SendFinish():
                self.ends()
            case fx.SendLanguage(language=language):
                self.visit = replace(visit, language=language)
            case fx.SendAgain(generation=generation):
                self._begins_anew(visit, generation)
            case fx.SendConnected(generation=generation):
                if visit.state is VisitState.CONNECTING and generation == visit.generation:
                    self.visit = replace(visit, state=VisitState.TALKING)
        return None

    def new_generation(self) -> int:
        """The number of the next path."""
        self.generations += 1
        return self.generations

    def goes_on(self, visit: VisitFacts) -> VisitFacts:
        """It rings with two paths made ready, the first of which is taken, and so on."""
        if visit.state is VisitState.WAITING:
            visit = replace(visit, preparing=(self.new_generation(), self.new_generation()))
        elif visit.state is VisitState.OFFERED:
            visit = replace(visit, generation=visit.preparing[0], preparing=())
        return replace(visit, state=NEXT[visit.state])

    def _begins_anew(self, visit: VisitFacts, generation: int) -> None:
        if generation in visit.preparing:
            others = tuple(number for number in visit.preparing if number != generation)
            self.visit = replace(visit, preparing=(*others, self.new_generation()))
        elif visit.state in IN_CALL and generation == visit.generation:
            state = VisitState.CONNECTING if visit.state is VisitState.TALKING else visit.state
            self.visit = replace(visit, state=state, generation=self.new_generation())

    def ends(self) -> None:
        """The visit is over."""
        if self.visit is not None:
            self.last, self.visit, self.over = self.visit.id, None, self.request

    def _of_another(self, effect: fx.Effect) -> ErrorCode | None:
        match effect:
            case fx.SendFeedback(visit_id=visit_id):
                return None if visit_id == self.last and self.visit is None else ErrorCode.WRONG_STATE
            case fx.SendTicket(visit_id=visit_id) if self.number_of(visit_id) is not None:
                return None  # asked for again
        return ErrorCode.NOT_FOUND

    def _of_the_line(
        self, effect: fx.SendTicket | fx.SendKeepWaiting | fx.SendAnswer, visit: VisitFacts
    ) -> ErrorCode | None:
        match effect:
            case fx.SendTicket():
                if visit.state not in IN_LINE:
                    return ErrorCode.WRONG_STATE
                self.numbers += 1
                self.tickets.append((self.numbers, replace(visit, state=VisitState.WAITING, preparing=())))
                self.called.add(visit.id)
                self.visit = None
            case fx.SendKeepWaiting():
                self.visit = replace(visit, choices=False)
            case fx.SendAnswer():
                if visit.state is VisitState.CALLING:
                    self.visit = replace(
                        visit, state=VisitState.CONNECTING, ticket=None, generation=self.new_generation()
                    )
        return None

    def number_of(self, visit_id: VisitId) -> int | None:
        """The ticket of a visit."""
        return next((number for number, visit in self.tickets if visit.id == visit_id), None)

    def calls_back(self) -> None:
        """The first number is called."""
        number, visit = self.tickets.pop(0)
        self.visit = replace(visit, state=VisitState.CALLING, ticket=number)

    def stops_calling(self, visit: VisitFacts, *, expires: bool) -> None:
        """Nobody came, or the librarian had to go."""
        if not expires and visit.ticket is not None:
            self.tickets.insert(0, (visit.ticket, replace(visit, state=VisitState.WAITING, ticket=None)))
        self.visit = None

    def _opens(self, effect: fx.SendOpen) -> ErrorCode | None:
        if self.visit is not None:
            return None if self.request == effect.request_id else ErrorCode.WRONG_STATE
        if self.over == effect.request_id:
            return ErrorCode.WRONG_STATE
        if not self.answerable:
            return ErrorCode.UNAVAILABLE
        self.visits += 1
        self.request = effect.request_id
        self.visit = VisitFacts(VisitId(f"visit-{self.visits}"), VisitState.WAITING, effect.language, place=1)
        return None


class Histories(RuleBasedStateMachine):
    """Anything, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.visitor = Visitor()
        self.server = FakeServer()
        self.linked = False
        self.messages: list[fx.Effect] = []
        self.news: list[ServerFacts] = []

    def happens(self, *events: e.Event) -> None:
        for event in events:
            sent = self.visitor.does(event)
            if self.linked:
                self.messages += sent

    def changed(self, at_once: bool) -> None:
        """The server shows what changed, at once or late."""
        if self.linked:
            self.news.append(self.server.facts)
            if at_once:
                self.all_facts_arrive()

    def all_facts_arrive(self) -> None:
        while self.news:
            self.takes(self.news.pop(0))

    def takes(self, facts: ServerFacts) -> None:
        before = self.visitor.state
        self.happens(e.FactsCame(facts))
        live = self.visitor.state.live
        if before.live is None and before.opening is None and live is not None:
            assert live.id in self.server.called  # nobody has asked for a visit; a number was called

    @initialize(linked=st.booleans())
    def begins(self, linked: bool) -> None:
        if linked:
            self.the_link_comes_or_goes()

    # --- the visitor and the clock ------------------------------------------------------------------------

    @rule()
    def the_visitor_taps(self) -> None:
        before = self.visitor.sees()
        self.happens(c.TapCall())
        after = self.visitor.sees()
        assert (
            after.screen in {Screen.WAITING, Screen.OUT_OF_SERVICE}
            or (after.screen is Screen.IDLE and after.notice is not Notice.NONE)
            or (after.screen == before.screen and before.screen is not Screen.IDLE)
        )

    @rule(command=IN_CALL_COMMANDS)
    def the_visitor_talks(self, command: c.Command) -> None:
        self.happens(command)

    @rule(command=st.sampled_from([c.TakeTicket(), c.KeepWaiting(), c.AnswerTicket()]))
    def the_visitor_chooses(self, command: c.Command) -> None:
        self.happens(command)

    @precondition(lambda self: not self.visitor.state.idle)
    @rule(command=st.sampled_from([c.LeaveLine(), c.EndCall()]))
    def the_visitor_leaves(self, command: c.Command) -> None:
        self.happens(command)

    @rule(command=OTHER_COMMANDS)
    def the_visitor_does_something_else(self, command: c.Command) -> None:
        self.happens(command)

    @rule(seconds=st.sampled_from([1, 4, 11, 40, 130]))
    def time_goes_by(self, seconds: int) -> None:
        before = self.visitor.state
        if seconds > SAME_TAP_S and not self.messages:
            self.server.over = ""
        sent = self.visitor.waits(seconds, tick_s=4.0)
        if self.linked:
            self.messages += sent
        after = self.visitor.state
        if before.live is not None and before.link_up:
            # Inactivity never resets anything during a visit.
            assert (lasting(after.visit), after.resets) == (lasting(before.visit), before.resets)
            assert (after.language, after.volume_percent) == (before.language, before.volume_percent)

    # --- the line between ---------------------------------------------------------------------------------

    @rule(all_of_it=st.booleans(), at_once=st.booleans())
    def messages_arrive(self, all_of_it: bool, at_once: bool) -> None:
        while self.messages:
            effect = self.messages.pop(0)
            refused = self.server.takes(effect)
            self.changed(at_once)
            if refused is not None and isinstance(effect, fx.SendOpen):
                self.happens(e.OpenRefused(refused))
            if isinstance(effect, fx.SendTicket):
                number = self.server.number_of(effect.visit_id)
                taken = refused is None and number is not None
                self.happens(e.TicketTaken(effect.visit_id, number or 0) if taken else e.TicketRefused(effect.visit_id))
            if not all_of_it:
                return

    @precondition(lambda self: self.news)
    @rule()
    def facts_arrive(self) -> None:
        self.all_facts_arrive()

    @rule()
    def the_link_comes_or_goes(self) -> None:
        self.linked = not self.linked
        self.messages.clear()
        self.news.clear()
        if self.linked:
            self.takes(self.server.facts)
        else:
            self.happens(e.LinkLost())

    @precondition(lambda self: not self.linked)
    @rule(cause=st.none() | st.sampled_from(OutOfServiceCause))
    def a_try_fails(self, cause: OutOfServiceCause | None) -> None:
        self.happens(e.LinkLost() if cause is None else e.LinkRefused(cause))

    # --- the librarian ------------------------------------------------------------------------------------

    @rule(at_once=st.booleans())
    def the_librarian_goes_on(self, at_once: bool) -> None:
        visit = self.server.visit
        if visit is not None and visit.state in NEXT:
            self.server.visit = self.server.goes_on(visit)
            self.changed(at_once)

    @rule(at_once=st.booleans())
    def the_choices_come(self, at_once: bool) -> None:
        visit = self.server.visit
        if visit is not None and visit.state in IN_LINE:
            self.server.visit = replace(visit, choices=True)
            self.changed(at_once)

    @precondition(lambda self: self.server.tickets and self.server.visit is None)
    @rule(at_once=st.booleans())
    def a_number_is_called(self, at_once: bool) -> None:
        self.server.calls_back()
        self.changed(at_once)

    @rule(expires=st.booleans(), at_once=st.booleans())
    def a_number_is_called_no_more(self, expires: bool, at_once: bool) -> None:
        visit = self.server.visit
        if visit is not None and visit.state is VisitState.CALLING:
            self.server.stops_calling(visit, expires=expires)
            self.changed(at_once)

    @precondition(lambda self: self.linked and self.visitor.state.idle)
    @rule(answered=st.booleans())
    def a_number_is_taken_and_called(self, answered: bool) -> None:
        self.server.answerable = True
        self.changed(at_once=True)
        self.the_visitor_taps()
        self.messages_arrive(all_of_it=True, at_once=True)
        self.happens(c.TakeTicket())
        self.messages_arrive(all_of_it=True, at_once=True)
        if self.server.visit is None and self.server.tickets:
            self.a_number_is_called(at_once=True)
            if answered:
                self.happens(c.AnswerTicket())

    @precondition(lambda self: self.linked and self.visitor.state.idle)
    @rule(camera=st.booleans())
    def a_call_begins(self, camera: bool) -> None:
        self.server.answerable = True
        self.changed(at_once=True)
        self.the_visitor_taps()
        for _ in range(3):
            self.messages_arrive(all_of_it=True, at_once=True)
            self.the_librarian_goes_on(at_once=True)
        if self.visitor.plan.generation:
            self.happens(c.ShowCamera(camera))
            self.the_path_changes(PathState.CONNECTED, late=False)
            self.messages_arrive(all_of_it=True, at_once=True)

    @rule(ends=st.booleans(), at_once=st.booleans())
    def the_librarian_is_gone(self, ends: bool, at_once: bool) -> None:
        visit = self.server.visit
        if visit is None or visit.state not in IN_CALL:
            return
        if ends:
            self.server.ends()
        else:
            self.server.visit = replace(visit, state=VisitState.WAITING, returned=True)
        self.changed(at_once)

    @rule()
    def the_last_seat_comes_or_goes(self) -> None:
        self.server.answerable = not self.server.answerable
        self.changed(at_once=True)

    # --- media --------------------------------------------------------------------------------------------

    @precondition(lambda self: self.visitor.plan.generation)
    @rule(path=st.sampled_from([*PathState, PathState.CONNECTED, PathState.CONNECTED]), late=st.booleans())
    def the_path_changes(self, path: PathState, late: bool) -> None:
        generation = self.visitor.plan.generation
        self.happens(e.PathChanged(max(1, generation - late), path))

    @precondition(lambda self: self.visitor.plan.preparing)
    @rule(path=st.sampled_from(PathState))
    def a_path_that_is_made_ready_changes(self, path: PathState) -> None:
        self.happens(e.PathChanged(self.visitor.plan.preparing[0], path))

    @precondition(lambda self: self.visitor.plan.generation)
    @rule(fault=st.none() | st.sampled_from(PathFault), late=st.booleans())
    def a_path_is_seen(self, fault: PathFault | None, late: bool) -> None:
        self.happens(e.PathSeen(max(1, self.visitor.plan.generation - late), fault))

    @rule()
    def an_address_is_lost(self) -> None:
        self.happens(e.AddressLost())

    @precondition(lambda self: self.linked and self.server.visit)
    @rule(text=st.text(max_size=3), done=st.booleans())
    def the_librarian_types(self, text: str, done: bool) -> None:
        visit = self.server.visit
        if visit is not None:
            self.happens(
                e.LibrarianTyped(visit.id, TextEntry(Party.STAFF, 1, text, done)),
                e.LibrarianMedia(visit.id, MediaReport()),
                e.PictureCame(visit.generation),
            )

    # --- what always holds --------------------------------------------------------------------------------

    @invariant()
    def the_camera_is_open_only_when_the_visitor_wants_it_and_a_librarian_is_there(self) -> None:
        state, plan = self.visitor.state, self.visitor.plan
        if plan.camera:
            assert state.live is not None
            assert state.visit.camera_wanted
            assert state.live.state in {VisitState.CONNECTING, VisitState.TALKING}
            assert not chimes(state)
        if state.live is not None and state.live.state is VisitState.CALLING:
            assert plan.visit_id is None  # nothing is open before the server knows of the touch
        if plan.visit_id is None:
            nothing = fx.MediaPlan(volume_percent=plan.volume_percent)
            assert replace(plan, preparing=(), prepared_visit_id=None) == nothing
        if plan.preparing:
            assert state.live is not None
            assert (state.live.state, plan.prepared_visit_id) == (VisitState.OFFERED, state.live.id)

    @invariant()
    def after_a_visit_nothing_of_it_is_left(self) -> None:
        state = self.visitor.state
        if state.live is None:
            assert state.visit == VisitMemory()
            assert state.volume_percent == DEFAULT_VOLUME_PERCENT
        if state.idle and state.facts is not None and state.language != state.facts.default_language:
            assert state.language_chosen
            assert state.touched_s is not None  # so a countdown takes it back

    @invariant()
    def a_screen_can_be_shown_and_counts_down_only_outside_of_visits(self) -> None:
        screen = self.visitor.sees()
        if screen.countdown_s is not None:
            assert screen.screen in {
                Screen.IDLE,
                Screen.GOODBYE,
                Screen.TICKET,
                Screen.STARTING,
                Screen.OUT_OF_SERVICE,
            }

    @invariant()
    def the_line_belongs_to_nobody_twice(self) -> None:
        state = self.visitor.state
        assert not (state.opening is not None and state.live is not None)
        if state.live is not None and state.live.state in IN_LINE:
            assert self.visitor.plan.visit_id is None

    def teardown(self) -> None:
        """Give both ends a good line and some time: then they must be of one mind, and no visit be a ghost's."""
        if not self.linked:
            self.the_link_comes_or_goes()
        for _ in range(6):
            self.messages_arrive(all_of_it=True, at_once=True)
            self.all_facts_arrive()
            self.time_goes_by(int(OPEN_PATIENCE_S) // 2)
        state = self.visitor.state
        assert (state.live.id if state.live else None) == (self.server.visit.id if self.server.visit else None)
        assert (state.opening, state.ending, state.ticketing, state.ticketed) == (None, None, None, None)
        if state.live is not None:
            assert state.live.language == state.language
            assert state.visit.librarian.path is not PathState.FAILED


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=300, stateful_step_count=40)
