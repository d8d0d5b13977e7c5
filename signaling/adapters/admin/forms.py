"""What is kept, as the forms show it, and back. Pure; references are checked elsewhere (`kinds`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC

from signaling.domain.places import (
    Branch,
    Card,
    DayException,
    Hours,
    Kiosk,
    Library,
    Service,
    Span,
    Team,
    Tier,
)
from signaling.protocol import admin as a
from signaling.protocol.messages.base import Message
from signaling.protocol.vocabulary import (
    BranchId,
    CardId,
    Language,
    LibraryId,
    Role,
    ServiceId,
    StaffId,
    TeamId,
)
from signaling.service.ports import Staff


def revision(form: Message) -> str:
    """Says whether a form still shows what is kept."""
    return hashlib.sha256(form.model_dump_json().encode()).hexdigest()[:24]


def exception_id(exception: DayException) -> str:
    """For the address of the route; a day exception has no id of its own."""
    return f"{exception.subject_id}_{exception.day.isoformat()}"


def in_order(languages: Iterable[Language]) -> tuple[Language, ...]:
    """As the vocabulary has them."""
    wanted = frozenset(languages)
    return tuple(language for language in Language if language in wanted)


# --- what is kept, as a form ----------------------------------------------------------------------------------


def library_form(library: Library) -> a.LibraryForm:
    """A library as its form."""
    return a.LibraryForm.model_construct(
        name=library.name,
        default_language=library.default_language,
        time_zone=library.time_zone,
        country=library.country,
        urgent_number=library.urgent_number,
        alert_quiet_from_min=library.alert_quiet_from_min,
        alert_quiet_to_min=library.alert_quiet_to_min,
    )


def branch_form(branch: Branch) -> a.BranchForm:
    """A branch as its form."""
    return a.BranchForm.model_construct(
        name=branch.name,
        phone=branch.phone,
        notes=branch.notes,
        hours=_hours_form(branch.hours),
        closed=branch.closed,
        closed_until=branch.closed_until,
        closed_texts=_sorted(branch.closed_texts),
        relay_only=branch.relay_only,
        video_max_kbps=branch.video_max_kbps,
        audio_max_kbps=branch.audio_max_kbps,
    )


def service_form(service: Service) -> a.ServiceForm:
    """A service as its form."""
    return a.ServiceForm.model_construct(
        names=_sorted(service.names),
        languages=in_order(service.languages),
        priority=service.priority,
        offer_policy=service.offer_policy,
        ring_timeout_s=None if service.ring_timeout_s is None else float(service.ring_timeout_s),
        choice_after_s=float(service.choice_after_s),
        tiers=tuple(a.TierForm(team_id=tier.team_id, after_s=tier.after_s) for tier in service.tiers),
        hours=_hours_form(service.hours),
    )


def team_form(team: Team) -> a.TeamForm:
    """A team as its form."""
    return a.TeamForm.model_construct(name=team.name, members=tuple(sorted(team.members)))


def card_form(card: Card) -> a.CardForm:
    """A card as its form."""
    return a.CardForm.model_construct(
        branch_id=card.branch_id, position=card.position, titles=_sorted(card.titles), bodies=_sorted(card.bodies)
    )


def exception_form(exception: DayException) -> a.DayExceptionForm:
    """A day exception as its form."""
    return a.DayExceptionForm.model_construct(
        subject_id=exception.subject_id,
        day=exception.day,
        spans=_span_forms(exception.spans),
        texts=_sorted(exception.texts),
    )


def kiosk_form(kiosk: Kiosk) -> a.KioskForm:
    """A kiosk as its form."""
    return a.KioskForm.model_construct(**{name: getattr(kiosk, name) for name in a.KioskForm.model_fields})


def enrolment(kiosk: Kiosk) -> a.EnrolmentState:
    """How far a kiosk has come."""
    if kiosk.revoked_at is not None:
        return a.EnrolmentState.REVOKED
    return a.EnrolmentState.WAITING if kiosk.public_key is None else a.EnrolmentState.ENROLLED


def staff_form(staff: Staff) -> a.StaffForm:
    """An account as its form."""
    return a.StaffForm.model_construct(
        name=staff.name,
        login=staff.login,
        roles=tuple(role for role in Role if role in staff.roles),
        languages=in_order(staff.languages),
        email=staff.email,
        standby=staff.standby,
        alerts=staff.alerts,
    )


# --- a form, as what is kept ----------------------------------------------------------------------------------


def library_of(form: a.LibraryForm, old: Library) -> Library:
    """A library with what the form says; its line stays."""
    return Library(
        old.id,
        form.name,
        form.default_language,
        form.time_zone,
        old.line_id,
        form.country,
        form.urgent_number,
        form.alert_quiet_from_min,
        form.alert_quiet_to_min,
    )


def branch_of(form: a.BranchForm, branch_id: str, library_id: LibraryId) -> Branch:
    """A branch; what belongs to a close goes with it."""
    until = form.closed_until.astimezone(UTC) if form.closed_until is not None else None
    return Branch(
        BranchId(branch_id),
        library_id,
        form.name,
        form.phone,
        form.notes,
        _hours(form.hours),
        closed=form.closed,
        closed_until=until if form.closed else None,
        closed_texts=dict(form.closed_texts),
        relay_only=form.relay_only,
        video_max_kbps=form.video_max_kbps,
        audio_max_kbps=form.audio_max_kbps,
    )


def kiosk_of(form: a.KioskForm, old: Kiosk) -> Kiosk:
    """A kiosk with what the form says; its branch, key, PIN and lock stay."""
    changed = {name: getattr(form, name) for name in a.KioskForm.model_fields if name != "branch_id"}
    return replace(old, **changed)


def service_of(form: a.ServiceForm, service_id: str, library_id: LibraryId) -> Service:
    """A service."""
    return Service(
        ServiceId(service_id),
        library_id,
        dict(form.names),
        frozenset(form.languages),
        form.priority,
        form.offer_policy,
        form.ring_timeout_s,
        form.choice_after_s,
        tuple(Tier(TeamId(tier.team_id), tier.after_s) for tier in form.tiers),
        _hours(form.hours),
    )


def team_of(form: a.TeamForm, team_id: str, library_id: LibraryId) -> Team:
    """A team."""
    return Team(TeamId(team_id), library_id, form.name, frozenset(StaffId(member) for member in form.members))


def card_of(form: a.CardForm, card_id: str, library_id: LibraryId) -> Card:
    """A card."""
    branch_id = BranchId(form.branch_id) if form.branch_id is not None else None
    return Card(CardId(card_id), library_id, branch_id, form.position, dict(form.titles), dict(form.bodies))


def exception_of(form: a.DayExceptionForm) -> DayException:
    """A day exception."""
    return DayException(form.subject_id, form.day, _spans(form.spans), dict(form.texts))


def _hours_form(hours: Hours | None) -> a.HoursForm | None:
    if hours is None:
        return None
    week = tuple(_span_forms(day) for day in hours.week)
    return a.HoursForm(week=week, closed_on_holidays=hours.closed_on_holidays)


def _hours(form: a.HoursForm | None) -> Hours | None:
    return None if form is None else Hours(tuple(_spans(day) for day in form.week), form.closed_on_holidays)


def _span_forms(spans: Iterable[Span]) -> tuple[a.SpanForm, ...]:
    return tuple(a.SpanForm(opens_min=span.opens_min, closes_min=span.closes_min) for span in spans)


def _spans(forms: Iterable[a.SpanForm]) -> tuple[Span, ...]:
    return tuple(Span(form.opens_min, form.closes_min) for form in forms)


def _sorted(texts: Mapping[Language, str]) -> dict[Language, str]:
    return {language: texts[language] for language in Language if language in texts}
