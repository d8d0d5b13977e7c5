"""Every route of the forms with what it takes: the table that the walk over all roles goes through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from signaling.protocol.vocabulary import Action
from tests.signaling.adapters.admin.world import AUTH, P256DH, PUSH_ENDPOINT

LIBRARY_FORM = {"name": "Norr och Väst", "default_language": "sv", "time_zone": "Europe/Oslo", "country": "NO"}
BRANCH_FORM = {"name": "Ny filial", "phone": "+46 914 100"}
SERVICE_FORM = {"names": {"sv": "Bygglov"}, "tiers": [{"team_id": "soder-team", "after_s": 30}]}
TEAM_FORM = {"name": "Jour", "members": ["anna", "soder-anna"]}
CARD_TEXTS = {"position": 3, "titles": {"sv": "Var?"}, "bodies": {"sv": "Där."}}
STAFF_FORM = {"name": "Cecilia", "login": "cecilia", "roles": ["librarian"]}
ANNA = {"name": "Anna", "login": "anna", "roles": ["librarian"], "email": "anna@example.org"}
PUSH_FORM = {"endpoint": PUSH_ENDPOINT, "p256dh": P256DH, "auth": AUTH}
ANYTHING = "anything"


@dataclass(frozen=True)
class Step:
    """One request, and the one action that it takes.

    Attributes:
        route: As it is registered.
        id: What stands for `{id}`.
        body: The JSON, laid over what is kept when the method is PUT.
    """

    method: str
    route: str
    action: Action
    id: str = ""
    body: Any = None

    @property
    def path(self) -> str:
        return self.route.replace("{id}", self.id)

    @property
    def kind(self) -> str:
        return self.route.split("/")[3]

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.action.value})"


def _put(kind: str, thing_id: str, action: Action, body: Any) -> Step:
    return Step("PUT", f"/api/admin/{kind}/{{id}}", action, thing_id, body)


def _post(kind: str, action: Action, body: Any) -> Step:
    return Step("POST", f"/api/admin/{kind}", action, body=body)


def _delete(kind: str, thing_id: str, action: Action) -> Step:
    return Step("DELETE", f"/api/admin/{kind}/{{id}}", action, thing_id)


def _do(kind: str, thing_id: str, what: str, action: Action, body: Any = None) -> Step:
    return Step("POST", f"/api/admin/{kind}/{{id}}/{what}", action, thing_id, body)


STEPS: tuple[Step, ...] = (
    Step("GET", "/api/admin/view", Action.VIEW_PLACES),
    Step("GET", "/api/admin/actions", Action.VIEW_ACTIONS),
    Step("GET", "/api/admin/calls", Action.VIEW_PLACES),
    Step("GET", "/api/admin/network", Action.VIEW_PLACES),
    Step("GET", "/api/admin/health", Action.VIEW_HEALTH),
    Step("GET", "/api/admin/health/{id}/history", Action.VIEW_HEALTH, "k1"),
    _put("libraries", "norr", Action.EDIT_LIBRARY, LIBRARY_FORM),
    _post("branches", Action.ADD_BRANCH, BRANCH_FORM),
    _put("branches", "burtrask", Action.EDIT_BRANCH, {"phone": "112 233"}),
    _put("branches", "burtrask", Action.CLOSE_BRANCH, {"closed": True, "closed_texts": {"sv": "Vattenläcka"}}),
    _delete("branches", "boliden", Action.REMOVE_BRANCH),
    _post("services", Action.ADD_SERVICE, SERVICE_FORM),
    _put("services", "help", Action.EDIT_SERVICE, {"priority": 2}),
    _delete("services", "digital", Action.REMOVE_SERVICE),
    _post("teams", Action.EDIT_TEAM, TEAM_FORM),
    _put("teams", "spare", Action.EDIT_TEAM, {"members": []}),
    _delete("teams", "spare", Action.REMOVE_TEAM),
    _post("cards", Action.EDIT_BRANCH_CARD, {"branch_id": "burtrask", **CARD_TEXTS}),
    _post("cards", Action.EDIT_LIBRARY_CARD, {"branch_id": None, **CARD_TEXTS}),
    _put("cards", "own-card", Action.EDIT_BRANCH_CARD, {"position": 5}),
    _put("cards", "own-card", Action.EDIT_LIBRARY_CARD, {"branch_id": None}),
    _put("cards", "common-card", Action.EDIT_LIBRARY_CARD, {"branch_id": "burtrask"}),
    _delete("cards", "own-card", Action.EDIT_BRANCH_CARD),
    _delete("cards", "common-card", Action.EDIT_LIBRARY_CARD),
    _post("exceptions", Action.EDIT_BRANCH_EXCEPTION, {"subject_id": "boliden", "day": "2026-06-19"}),
    _post("exceptions", Action.EDIT_SERVICE_EXCEPTION, {"subject_id": "digital", "day": "2026-06-19"}),
    _put("exceptions", "burtrask_2026-12-24", Action.EDIT_BRANCH_EXCEPTION, {"spans": []}),
    _put("exceptions", "help_2026-12-24", Action.EDIT_SERVICE_EXCEPTION, {"spans": []}),
    _delete("exceptions", "burtrask_2026-12-24", Action.EDIT_BRANCH_EXCEPTION),
    _delete("exceptions", "help_2026-12-24", Action.EDIT_SERVICE_EXCEPTION),
    _post("kiosks", Action.ADD_KIOSK, {"branch_id": "boliden", "name": "Vid entrén"}),
    _put("kiosks", "k1", Action.RENAME_KIOSK, {"name": "Vid trappan"}),
    _put("kiosks", "k1", Action.EDIT_KIOSK, {"push_to_talk": True}),
    _do("kiosks", "k1", "code", Action.NEW_KIOSK_CODE),
    _do("kiosks", "k1", "revoke", Action.REVOKE_KIOSK),
    _do("kiosks", "k1", "orders", Action.IDENTIFY_KIOSK, {"kind": "identify"}),
    _do("kiosks", "k1", "orders", Action.TEST_KIOSK, {"kind": "test"}),
    _do("kiosks", "k1", "orders", Action.RELOAD_KIOSK, {"kind": "reload"}),
    _do("kiosks", "k1", "orders", Action.RESTART_KIOSK_PROGRAM, {"kind": "restart_program"}),
    _do("kiosks", "k1", "orders", Action.RESTART_KIOSK_MACHINE, {"kind": "restart_machine"}),
    _do("kiosks", "k1", "lock", Action.LOCK_KIOSK, {"texts": {"sv": "Skärmen byts."}}),
    _do("kiosks", "k2", "unlock", Action.LOCK_KIOSK),
    _do("kiosks", "k1", "pin", Action.SET_KIOSK_PIN, {"pin": "482913"}),
    _post("staff", Action.ADD_STAFF, STAFF_FORM),
    _put("staff", "anna", Action.EDIT_STAFF, {"email": "anna@example.org"}),
    _put("staff", "anna", Action.SET_ROLES, {"roles": ["specialist"]}),
    _do("staff", "anna", "password", Action.RESET_PASSWORD),
    _do("staff", "anna", "disable", Action.DISABLE_STAFF),
    _do("staff", "bo", "enable", Action.ENABLE_STAFF),
    Step("GET", "/api/me/settings", Action.OWN_SETTINGS),
    Step("PUT", "/api/me/settings", Action.OWN_SETTINGS, body={"languages": ["sv"], "standby": True}),
    Step("GET", "/api/me/push-key", Action.OWN_SETTINGS),
    Step("POST", "/api/me/push", Action.OWN_SETTINGS, body=PUSH_FORM),
    Step("DELETE", "/api/me/push", Action.OWN_SETTINGS, body={"endpoint": PUSH_ENDPOINT}),
)

#: What no route of the forms does: seats are the sockets', libraries are made and linked by the command line.
ELSEWHERE = frozenset({Action.ANSWER, Action.ADD_LIBRARY, Action.LINK_LIBRARIES, Action.VIEW_STAFF})
