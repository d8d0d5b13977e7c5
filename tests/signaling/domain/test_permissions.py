"""Who may do what: every role and every action."""

from __future__ import annotations

import pytest

from signaling.domain.permissions import ALLOWED, may, may_change_account, may_disable, may_set_roles
from signaling.protocol.vocabulary import Action, Role

LIBRARIAN, SPECIALIST = Role.LIBRARIAN, Role.SPECIALIST
BRANCH_ADMIN, OWNER, SYSTEM = Role.BRANCH_ADMIN, Role.SERVICE_OWNER, Role.SYSTEM_ADMIN

#: For each action the roles that have it, written down a second time: by action, not by role.
WHO = {
    Action.OWN_SETTINGS: {LIBRARIAN, SPECIALIST, BRANCH_ADMIN, OWNER, SYSTEM},
    Action.ANSWER: {LIBRARIAN, SPECIALIST},
    Action.VIEW_PLACES: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.EDIT_BRANCH: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.CLOSE_BRANCH: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.EDIT_BRANCH_EXCEPTION: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.EDIT_BRANCH_CARD: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.ADD_KIOSK: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.RENAME_KIOSK: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.EDIT_KIOSK: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.NEW_KIOSK_CODE: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.REVOKE_KIOSK: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.SET_KIOSK_PIN: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.VIEW_HEALTH: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.IDENTIFY_KIOSK: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.TEST_KIOSK: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.RELOAD_KIOSK: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.RESTART_KIOSK_PROGRAM: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.RESTART_KIOSK_MACHINE: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.LOCK_KIOSK: {BRANCH_ADMIN, OWNER, SYSTEM},
    Action.EDIT_LIBRARY: {OWNER, SYSTEM},
    Action.ADD_BRANCH: {OWNER, SYSTEM},
    Action.REMOVE_BRANCH: {OWNER, SYSTEM},
    Action.ADD_SERVICE: {OWNER, SYSTEM},
    Action.EDIT_SERVICE: {OWNER, SYSTEM},
    Action.REMOVE_SERVICE: {OWNER, SYSTEM},
    Action.EDIT_SERVICE_EXCEPTION: {OWNER, SYSTEM},
    Action.EDIT_TEAM: {OWNER, SYSTEM},
    Action.REMOVE_TEAM: {OWNER, SYSTEM},
    Action.EDIT_LIBRARY_CARD: {OWNER, SYSTEM},
    Action.VIEW_STAFF: {OWNER, SYSTEM},
    Action.ADD_STAFF: {OWNER, SYSTEM},
    Action.EDIT_STAFF: {OWNER, SYSTEM},
    Action.DISABLE_STAFF: {OWNER, SYSTEM},
    Action.ENABLE_STAFF: {OWNER, SYSTEM},
    Action.RESET_PASSWORD: {OWNER, SYSTEM},
    Action.SET_ROLES: {OWNER, SYSTEM},
    Action.VIEW_ACTIONS: {OWNER, SYSTEM},
    Action.ADD_LIBRARY: {SYSTEM},
    Action.LINK_LIBRARIES: {SYSTEM},
}


def test_every_action_and_every_role_is_decided() -> None:
    assert set(WHO) == set(Action)
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_exactly_what_is_written_of_each_action(role: Role, action: Action) -> None:
    assert may({role}, action) is (role in WHO[action])


def test_two_roles_may_do_what_either_may_and_no_role_may_nothing() -> None:
    assert may({LIBRARIAN, BRANCH_ADMIN}, Action.ANSWER)
    assert may({LIBRARIAN, BRANCH_ADMIN}, Action.CLOSE_BRANCH)
    assert not may({LIBRARIAN, BRANCH_ADMIN}, Action.EDIT_SERVICE)
    assert not any(may(set(), action) for action in Action)


def test_only_a_system_admin_reaches_into_another_library() -> None:
    assert may({SYSTEM}, Action.EDIT_BRANCH, own_library=False)
    assert not may({OWNER, BRANCH_ADMIN}, Action.EDIT_BRANCH, own_library=False)


@pytest.mark.parametrize(
    ("actor", "account", "outcome"),
    [
        ({OWNER}, {LIBRARIAN}, True),
        ({OWNER}, {OWNER}, True),
        ({OWNER}, {LIBRARIAN, SYSTEM}, False),
        ({SYSTEM}, {SYSTEM}, True),
        ({OWNER}, set(), True),
        (set(), {LIBRARIAN}, False),
    ],
)
def test_an_account_is_changed_by_nobody_below_it(actor: set[Role], account: set[Role], outcome: bool) -> None:
    assert may_change_account(actor, account) is outcome


@pytest.mark.parametrize(
    ("actor", "old", "new", "outcome"),
    [
        ({OWNER}, set(), {LIBRARIAN}, True),
        ({OWNER}, {LIBRARIAN}, {LIBRARIAN, OWNER}, True),
        ({OWNER}, {LIBRARIAN}, {SYSTEM}, False),  # above their own
        ({OWNER}, {SYSTEM}, {LIBRARIAN}, False),  # taken from somebody above
        ({SYSTEM}, {SYSTEM}, {LIBRARIAN}, True),
        ({BRANCH_ADMIN}, {LIBRARIAN}, {SPECIALIST}, False),  # may not at all
        ({SYSTEM}, {LIBRARIAN}, set(), False),  # an account without a role is of no use
    ],
)
def test_nobody_gives_or_takes_a_role_above_their_own(
    actor: set[Role], old: set[Role], new: set[Role], outcome: bool
) -> None:
    assert may_set_roles(actor, old, new) is outcome


def test_nobody_gives_away_what_it_takes_to_undo_it() -> None:
    assert not may_set_roles({SYSTEM}, {SYSTEM}, {LIBRARIAN}, oneself=True)
    assert may_set_roles({SYSTEM}, {SYSTEM}, {OWNER}, oneself=True)
    assert may_set_roles({OWNER, LIBRARIAN}, {OWNER, LIBRARIAN}, {OWNER}, oneself=True)


def test_nobody_closes_their_own_account_or_one_above() -> None:
    assert may_disable({OWNER}, {LIBRARIAN}, oneself=False)
    assert not may_disable({OWNER}, {OWNER}, oneself=True)
    assert not may_disable({OWNER}, {SYSTEM}, oneself=False)
    assert not may_disable({LIBRARIAN}, {LIBRARIAN}, oneself=False)
