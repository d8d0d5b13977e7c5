"""Makes a Qt object out of a frozen dataclass, so that QML can bind to its fields.

Each field becomes one property (`next_open` is `nextOpen` in QML) with one signal of its own, sent only when the
value differs: a screen whose clock did not change is not drawn again.
"""

from __future__ import annotations

from dataclasses import Field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import Property, QObject, Signal

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Shape = TypeVar("Shape", bound="DataclassInstance")

_QT_TYPES: dict[str, Any] = {"str": str, "bool": bool, "int": int}


class ValueModel(QObject, Generic[Shape]):
    """A Qt object that shows the newest value of one dataclass. Make its class with `value_model`."""

    signals_by_field: ClassVar[dict[str, str]] = {}

    def __init__(self, value: Shape, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._value = value

    @property
    def value(self) -> Shape:
        """What is shown now."""
        return self._value

    def show(self, value: Shape) -> None:
        """Take a new value and tell of each field that differs."""
        before, self._value = self._value, value
        for name, signal in self.signals_by_field.items():
            if getattr(before, name) != getattr(value, name):
                getattr(self, signal).emit()


def value_model(shape: type[Shape]) -> type[ValueModel[Shape]]:
    """Make the Qt class for a frozen dataclass whose fields are str, bool, int or tuples of these or of dicts."""
    members: dict[str, Any] = {}
    names: dict[str, str] = {}
    for field in fields(shape):
        names[field.name] = f"{_camel(field.name)}Changed"
        notify = Signal()
        members[names[field.name]] = notify
        members[_camel(field.name)] = Property(
            _QT_TYPES.get(_type_name(field), "QVariantList"), _reader(field.name), notify=notify
        )
    members["signals_by_field"] = names
    metaclass: Any = type(ValueModel)  # Shiboken's own: it reads the signals and properties
    made: type[ValueModel[Shape]] = metaclass(f"{shape.__name__}Model", (ValueModel,), members)
    return made


def _reader(name: str) -> Any:
    def read(model: ValueModel[Any]) -> Any:
        value = getattr(model.value, name)
        return list(value) if isinstance(value, tuple) else value

    return read


def _type_name(field: Field[Any]) -> str:
    return field.type if isinstance(field.type, str) else field.type.__name__


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)
