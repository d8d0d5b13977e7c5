"""All view-models in one place, kept up to date from one `ScreenState`. QML reads it as `kiosk`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from PySide6.QtCore import Property, QObject

from kiosk.core.care import MenuStage
from kiosk.core.commands import Command
from kiosk.core.snapshot import Screen, ScreenState
from kiosk.ui.i18n.catalog import Catalog
from kiosk.ui.viewmodels.actions import Actions
from kiosk.ui.viewmodels.before import (
    OutOfServiceShown,
    TicketShown,
    WaitingShown,
    show_out_of_service,
    show_ticket,
    show_waiting,
)
from kiosk.ui.viewmodels.call import CallShown, GoodbyeShown, show_call, show_goodbye
from kiosk.ui.viewmodels.cards import CardsShown, show_cards
from kiosk.ui.viewmodels.care import CareShown, show_care
from kiosk.ui.viewmodels.common import CommonShown, show_common
from kiosk.ui.viewmodels.entries import EntriesModel
from kiosk.ui.viewmodels.held import HeldShown, show_held
from kiosk.ui.viewmodels.idle import IdleShown, show_idle
from kiosk.ui.viewmodels.menu import MenuShown, show_menu
from kiosk.ui.viewmodels.path import PathShown, show_path
from kiosk.ui.viewmodels.service_door import ServiceDoor
from kiosk.ui.viewmodels.typing_line import TypingLine
from kiosk.ui.viewmodels.value_model import value_model
from kiosk.ui.viewmodels.words import words_model
from signaling.protocol.vocabulary import Language

#: Screens of one visit; whatever the visitor typed is forgotten when none of them is shown.
CALL_SCREENS = frozenset({Screen.CONNECTING, Screen.TALKING, Screen.HELD})

#: Qt's own names of types; PySide takes them, its stubs do not say so.
_LIST = cast(type, "QVariantList")

_CommonModel = value_model(CommonShown)
_IdleModel = value_model(IdleShown)
_WaitingModel = value_model(WaitingShown)
_TicketModel = value_model(TicketShown)
_CardsModel = value_model(CardsShown)
_HeldModel = value_model(HeldShown)
_OutOfServiceModel = value_model(OutOfServiceShown)
_CallModel = value_model(CallShown)
_PathModel = value_model(PathShown)
_GoodbyeModel = value_model(GoodbyeShown)
_CareModel = value_model(CareShown)
_MenuModel = value_model(MenuShown)


class KioskModel(QObject):
    """What the screens show and what they can ask for.

    Belongs to the screen's thread. `show` is called with each new state.
    """

    def __init__(
        self,
        submit: Callable[[Command], None],
        catalogs: Mapping[Language, Catalog],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        state = ScreenState()
        self._catalogs = catalogs
        self._catalog = catalogs[state.language]
        self._state = state
        self._words = words_model(self._catalog.fixed)(self._catalog.fixed, self)
        self._common = _CommonModel(show_common(state, self._catalog), self)
        self._idle = _IdleModel(show_idle(state, self._catalog), self)
        self._waiting = _WaitingModel(show_waiting(state, self._catalog), self)
        self._ticket = _TicketModel(show_ticket(state, self._catalog), self)
        self._cards = _CardsModel(show_cards(state, self._catalog), self)
        self._held = _HeldModel(show_held(state, self._catalog), self)
        self._out_of_service = _OutOfServiceModel(show_out_of_service(state, self._catalog), self)
        self._call = _CallModel(show_call(state, self._catalog), self)
        self._path = _PathModel(show_path(state, self._catalog), self)
        self._goodbye = _GoodbyeModel(show_goodbye(state, self._catalog), self)
        self._care = _CareModel(show_care(state, self._catalog), self)
        self._menu = _MenuModel(show_menu(state, self._catalog), self)
        self._entries = EntriesModel()
        self._typing = TypingLine(submit, self)
        self._door = ServiceDoor(submit, lambda: self._catalog, self)
        self._actions = Actions(submit, self)
        self._languages = [
            {"code": language.value, "name": catalog.say("language_name")} for language, catalog in catalogs.items()
        ]

    @property
    def state(self) -> ScreenState:
        """The state that is shown now."""
        return self._state

    def show(self, state: ScreenState) -> None:
        """Take a new state; only what differs is told to the screens."""
        self._state = state
        catalog = self._catalogs[state.language]
        if catalog is not self._catalog:
            self._catalog = catalog
            self._words.show(catalog.fixed)
        if state.screen not in CALL_SCREENS:
            self._typing.forget()
        if state.care.menu.stage is not MenuStage.PIN:
            self._door.forget()
        self._idle.show(show_idle(state, catalog))
        self._waiting.show(show_waiting(state, catalog))
        self._ticket.show(show_ticket(state, catalog))
        self._cards.show(show_cards(state, catalog))
        self._held.show(show_held(state, catalog))
        self._out_of_service.show(show_out_of_service(state, catalog))
        self._call.show(show_call(state, catalog))
        self._path.show(show_path(state, catalog))
        self._goodbye.show(show_goodbye(state, catalog))
        self._care.show(show_care(state, catalog))
        self._menu.show(show_menu(state, catalog))
        self._entries.show(state.call.entries)
        # Last, so that a screen finds its texts in place when it comes up.
        self._common.show(show_common(state, catalog))

    words = Property(QObject, lambda self: self._words, constant=True)
    languages = Property(_LIST, lambda self: self._languages, constant=True)
    common = Property(QObject, lambda self: self._common, constant=True)
    idle = Property(QObject, lambda self: self._idle, constant=True)
    waiting = Property(QObject, lambda self: self._waiting, constant=True)
    ticket = Property(QObject, lambda self: self._ticket, constant=True)
    cards = Property(QObject, lambda self: self._cards, constant=True)
    held = Property(QObject, lambda self: self._held, constant=True)
    outOfService = Property(QObject, lambda self: self._out_of_service, constant=True)
    call = Property(QObject, lambda self: self._call, constant=True)
    path = Property(QObject, lambda self: self._path, constant=True)
    goodbye = Property(QObject, lambda self: self._goodbye, constant=True)
    care = Property(QObject, lambda self: self._care, constant=True)
    menu = Property(QObject, lambda self: self._menu, constant=True)
    door = Property(QObject, lambda self: self._door, constant=True)
    entries = Property(QObject, lambda self: self._entries, constant=True)
    typing = Property(QObject, lambda self: self._typing, constant=True)
    act = Property(QObject, lambda self: self._actions, constant=True)


def call_is_on(state: ScreenState) -> bool:
    """True while pictures of people may be in memory."""
    return state.screen in CALL_SCREENS
