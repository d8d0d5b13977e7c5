"""A dataclass becomes a Qt object that tells only what differs."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication

from kiosk.ui.viewmodels.value_model import value_model


@dataclass(frozen=True)
class Weather:
    dry: bool
    wind_speed: int
    word: str
    clouds: tuple[str, ...]


WeatherModel = value_model(Weather)
FINE = Weather(dry=True, wind_speed=3, word="fine", clouds=("small",))


def test_each_field_can_be_read_by_its_qml_name(app: QGuiApplication) -> None:
    model = WeatherModel(FINE)
    assert [model.property(name) for name in ("dry", "windSpeed", "word", "clouds")] == [True, 3, "fine", ["small"]]


def test_only_what_differs_is_told(app: QGuiApplication) -> None:
    model = WeatherModel(FINE)
    told: list[str] = []
    for name in ("dry", "windSpeed", "word", "clouds"):
        getattr(model, f"{name}Changed").connect(lambda name=name: told.append(name))
    model.show(FINE)
    assert told == []
    model.show(Weather(dry=True, wind_speed=12, word="windy", clouds=("small",)))
    assert told == ["windSpeed", "word"]
    assert model.property("windSpeed") == 12
