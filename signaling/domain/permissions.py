"""Who may do what: each role's actions, and the two rules about accounts.

What it does not do: know sessions, routes or libraries beyond "one's own or another"; the edge asks, and refuses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from signaling.protocol.vocabulary import Action, Role

_EVERYBODY: Final = frozenset({Action.OWN_SETTINGS})
_ANSWERS: Final = _EVERYBODY | {Action.ANSWER}
_KEEPS_BRANCHES: Final = _EVERYBODY | {
    Action.VIEW_PLACES,
    Action.EDIT_BRANCH,
    Action.CLOSE_BRANCH,
    Action.EDIT_BRANCH_EXCEPTION,
    Action.EDIT_BRANCH_CARD,
    Action.ADD_KIOSK,
    Action.RENAME_KIOSK,
    Action.EDIT_KIOSK,
    Action.NEW_KIOSK_CODE,
    Action.REVOKE_KIOSK,
    Action.SET_KIOSK_PIN,
    Action.VIEW_HEALTH,
    Action.IDENTIFY_KIOSK,
    Action.TEST_KIOSK,
    Action.RELOAD_KIOSK,
    Action.RESTART_KIOSK_PROGRAM,
    Action.RESTART_KIOSK_MACHINE,
    Action.LOCK_KIOSK,
}
_OWNS_SERVICES: Final = _KEEPS_BRANCHES | {
    Action.EDIT_LIBRARY,
    Action.ADD_BRANCH,
    Action.REMOVE_BRANCH,
    Action.ADD_SERVICE,
    Action.EDIT_SERVICE,
    Action.REMOVE_SERVICE,
    Action.EDIT_SERVICE_EXCEPTION,
    Action.EDIT_TEAM,
    Action.REMOVE_TEAM,
    Action.EDIT_LIBRARY_CARD,
    Action.VIEW_STAFF,
    Action.ADD_STAFF,
    Action.EDIT_STAFF,
    Action.DISABLE_STAFF,
    Action.ENABLE_STAFF,
    Action.RESET_PASSWORD,
    Action.SET_ROLES,
    Action.VIEW_ACTIONS,
}

#: The whole table. Who has several roles may do what any of them may.
ALLOWED: Final[Mapping[Role, frozenset[Action]]] = MappingProxyType(
    {
        Role.LIBRARIAN: _ANSWERS,
        Role.SPECIALIST: _ANSWERS,
        Role.BRANCH_ADMIN: _KEEPS_BRANCHES,
        Role.SERVICE_OWNER: _OWNS_SERVICES,
        # Who answers visitors says so by the role of a librarian; to run the installation is another thing.
        Role.SYSTEM_ADMIN: frozenset(Action) - {Action.ANSWER},
    }
)

#: Which role is above which; the first two are side by side.
_RANK: Final[Mapping[Role, int]] = {
    Role.LIBRARIAN: 0,
    Role.SPECIALIST: 0,
    Role.BRANCH_ADMIN: 1,
    Role.SERVICE_OWNER: 2,
    Role.SYSTEM_ADMIN: 3,
}


def may(roles: Collection[Role], action: Action, *, own_library: bool = True) -> bool:
    """Whether somebody with these roles may do this.

    Args:
        roles: Of the one who asks; none at all may nothing.
        action: What is asked for.
        own_library: It is done to the library of the one who asks; only a system admin reaches into another.
    """
    if not own_library and Role.SYSTEM_ADMIN not in roles:
        return False
    return any(action in ALLOWED[role] for role in roles)


def may_change_account(actor_roles: Collection[Role], account_roles: Collection[Role]) -> bool:
    """Whether an account with these roles is not above the one who wants to change it.

    It holds for everything done to an account: who could give a system admin a new password would be one.
    """
    return bool(actor_roles) and _rank(account_roles) <= _rank(actor_roles)


def may_set_roles(
    actor_roles: Collection[Role], old: Collection[Role], new: Collection[Role], *, oneself: bool = False
) -> bool:
    """Whether somebody may give an account other roles.

    Nobody gives or takes a role above their own, an account keeps at least one role, and nobody gives away
    what they would need to undo it.

    Args:
        actor_roles: Of the one who asks.
        old: What the account has; empty for a new account.
        new: What it is to have.
        oneself: It is the account of the one who asks.
    """
    if not new or not may(actor_roles, Action.SET_ROLES):
        return False
    if oneself and not may(new, Action.SET_ROLES):
        return False
    return may_change_account(actor_roles, old) and _rank(new) <= _rank(actor_roles)


def may_disable(actor_roles: Collection[Role], account_roles: Collection[Role], *, oneself: bool) -> bool:
    """Whether somebody may close an account: not one above their own, and not their own."""
    return not oneself and may(actor_roles, Action.DISABLE_STAFF) and may_change_account(actor_roles, account_roles)


def _rank(roles: Collection[Role]) -> int:
    return max((_RANK[role] for role in roles), default=0)
