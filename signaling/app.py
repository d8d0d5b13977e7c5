"""The composition root: the only module of the server that knows every concrete thing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from aiohttp import web

from signaling.adapters.admin.api import AdminApi, LineDesk, PushDesk, RelayDesk
from signaling.adapters.auth import Argon2Passwords, KioskAuth, StaffAuth, Throttle
from signaling.adapters.echo.desk import EchoDesk
from signaling.adapters.echo.process import EchoProcess
from signaling.adapters.gateway.admission import Admission
from signaling.adapters.gateway.attendance import Attendance
from signaling.adapters.gateway.chosen import ChoiceDesk
from signaling.adapters.gateway.connections import Connections
from signaling.adapters.gateway.handlers import Desk
from signaling.adapters.gateway.health import HealthReports, programs_of
from signaling.adapters.gateway.orders import OrderDesk
from signaling.adapters.gateway.quality import QualityDesk
from signaling.adapters.gateway.rights import Rights
from signaling.adapters.gateway.roll_call import RollCall
from signaling.adapters.gateway.shower import Shower
from signaling.adapters.gateway.socketio_gateway import NAMESPACES, Gateway
from signaling.adapters.gateway.transport import WireServer
from signaling.adapters.health_metrics import HealthGauges
from signaling.adapters.holiday_calendar import PublicHolidays
from signaling.adapters.http_api import HttpApi
from signaling.adapters.memory import run_tidying
from signaling.adapters.metrics import PrometheusMetrics
from signaling.adapters.notify import LetterAndNotice, StandbyNotifier
from signaling.adapters.notify.ways import mail_sender, web_push
from signaling.adapters.relay_check import RelayProbe, RelayWatch
from signaling.adapters.system import SystemClock, SystemIds
from signaling.adapters.turn import CoturnCredentials
from signaling.config import Settings
from signaling.service.alerting import Alerting, AlertNotifier
from signaling.service.health import HealthKeeper
from signaling.service.hub import Hub
from signaling.service.kept import Upkeep
from signaling.service.places import Places, lines_of
from signaling.service.ports import Clock, Ids, Notifier, Store, StoreError
from signaling.service.standby import Standby
from staff_console.site import add_console

#: Retention is in days; once an hour is often enough.
RETENTION_EVERY_S: Final = timedelta(hours=1).total_seconds()
MINUTE_S: Final = 60
#: Where the console's health page is.
HEALTH_PAGE: Final = "/#manage/health"

_log = structlog.get_logger(__name__)


def make_app(
    settings: Settings,
    store: Store,
    *,
    clock: Clock | None = None,
    notifier: Notifier | None = None,
    alert_notifier: AlertNotifier | None = None,
) -> web.Application:
    """Put the server together.

    Args:
        settings: What is in force.
        store: Opened, with current tables; closed when the application ends.
        clock: Time; the machine's when left out.
        notifier: Reaches standby people; as the settings say when left out.
        alert_notifier: Reaches people who look after kiosks; as the settings say when left out.

    Returns:
        An application that serves the console, the HTTP routes and Socket.IO.
    """
    clock = clock or SystemClock()
    ids: Ids = SystemIds()
    metrics = PrometheusMetrics()
    kiosk_auth = KioskAuth(
        store,
        challenge_ttl_s=settings.kiosks.challenge_ttl_s,
        enrol_throttle=Throttle(attempts=settings.sessions.address_attempts, window_s=settings.sessions.window_s),
        challenge_throttle=Throttle(attempts=settings.kiosks.challenges_per_minute, window_s=MINUTE_S),
    )
    passwords = Argon2Passwords()
    staff_auth = StaffAuth(
        store,
        passwords,
        ids,
        session_lifetime_s=settings.sessions.lifetime_s,
        login_throttle=Throttle(attempts=settings.sessions.login_attempts, window_s=settings.sessions.window_s),
        address_throttle=Throttle(attempts=settings.sessions.address_attempts, window_s=settings.sessions.window_s),
        secure_cookies=settings.server.is_secure,
    )
    origins = list(settings.server.origins)
    wire = WireServer(
        allowed_origins=origins, namespaces=list(NAMESPACES), metrics=metrics, slow=frozenset({"health.call"})
    )
    connections = Connections()
    holidays = PublicHolidays()
    places = Places(store=store, clock=clock, policy=settings.timeouts.policy(), holidays=holidays)
    shower = Shower(store=store, places=places, clock=clock, connections=connections, emit=wire.tell)
    mail, push = mail_sender(settings.mail), web_push(settings.push)
    standby = Standby(
        store=store,
        places=places,
        notifier=notifier or StandbyNotifier(clock=clock, mail=mail, push=push),
        url=settings.server.url,
    )
    turn = CoturnCredentials(settings.turn.urls, settings.turn.secret.get_secret_value(), settings.turn.ttl_s)
    relays = RelayWatch(settings.turn.addresses(), RelayProbe(turn, clock), clock, metrics)
    hub = Hub(
        store=store,
        announcer=shower,
        clock=clock,
        turn=turn,
        metrics=metrics,
        places=places,
        standby=standby.needed,
    )
    roll_call = RollCall(connections=connections, hub=hub, ask=wire.ask_presence, monotonic=time.monotonic)
    rights = Rights(
        store=store,
        clock=clock,
        places=places,
        connections=connections,
        wire=wire,
        hub=hub,
        show=shower.show,
    )
    upkeep = Upkeep(hub=hub, places=places, look_again=shower.look_again, check_rights=rights.check)
    orders = OrderDesk(store=store, clock=clock, places=places, metrics=metrics, announce=upkeep.changed)
    choices = ChoiceDesk(store=store, clock=clock, ids=ids, announce=upkeep.changed, monotonic_s=time.monotonic)
    keeper = HealthKeeper(store=store, clock=clock, present=programs_of(connections))
    health = HealthReports(keeper=keeper, metrics=metrics, monotonic_s=time.monotonic)
    alerting = Alerting(
        store=store,
        places=places,
        keeper=keeper,
        notifier=alert_notifier or LetterAndNotice(clock=clock, mail=mail, push=push),
        clock=clock,
        ids=ids,
        show=HealthGauges(metrics).show,
        url=settings.server.url.rstrip("/") + HEALTH_PAGE,
        patience=settings.alerts.patience(),
    )
    attendance = Attendance(hub=hub, connections=connections, wire=wire, watches=[health, orders])
    echo = EchoDesk(
        turn=turn,
        relays=relays,
        clock=clock,
        ids=ids,
        metrics=metrics,
        directory=places.directory,
        relay_only=settings.turn.relay_only,
        start=EchoProcess.start,
        monotonic_s=time.monotonic,
    )
    gateway = Gateway(
        wire=wire,
        connections=connections,
        shower=shower,
        attendance=attendance,
        admission=Admission(
            clock=clock,
            ids=ids,
            kiosk_auth=kiosk_auth,
            staff_auth=staff_auth,
            allowed_origins=origins,
            connections=connections,
            attendance=attendance,
            places=places,
            hub=hub,
        ),
        desk=Desk(
            hub,
            ids,
            store,
            places.directory,
            QualityDesk(store=store, clock=clock, directory=places.directory, metrics=metrics),
            orders,
            relay_only=settings.turn.relay_only,
            health=health,
            echo=echo,
            choices=choices,
        ),
        hub=hub,
        upkeep=upkeep,
        rights=rights,
        metrics=metrics,
    )
    http_api = HttpApi(
        store=store,
        clock=clock,
        metrics=metrics,
        kiosk_auth=kiosk_auth,
        staff_auth=staff_auth,
        allowed_origins=origins,
        metrics_token=settings.metrics.token.get_secret_value(),
        trusted_proxy_count=settings.server.trusted_proxy_count,
        session_ended=gateway.end_session,
    )
    admin_api = AdminApi(
        store=store,
        clock=clock,
        ids=ids,
        staff_auth=staff_auth,
        passwords=passwords,
        holidays=holidays,
        announce=upkeep.changed,
        allowed_origins=origins,
        code_ttl_s=settings.kiosks.code_ttl_s,
        push=PushDesk(push.public_key, push.accepts, mail is not None)
        if push
        else PushDesk(has_email=mail is not None),
        relay=RelayDesk(relays.statuses, always=settings.turn.relay_only),
        lines=LineDesk(hub.last_known),
    )
    app = web.Application()
    app.on_cleanup.append(lambda _app: echo.close())
    gateway.attach(app)
    http_api.register(app)
    admin_api.register(app)
    add_console(app, https=settings.server.is_secure)
    forever: dict[str, Callable[[], Coroutine[None, None, None]]] = {
        "views": shower.run,
        "deadlines": hub.run_deadlines,
        "losses": attendance.run,
        "roll_call": roll_call.run,
        "standby": standby.run,
        "rechecks": gateway.run_rechecks,
        "orders": orders.run,
        "alerts": alerting.run,
        "retention": partial(_forget, store, clock),
        "tidying": run_tidying,
    }
    if settings.turn.urls:
        forever["relay_check"] = relays.run
    app.cleanup_ctx.append(_background(store, hub, upkeep, forever, has_relay=bool(settings.turn.urls)))
    return app


def _background(
    store: Store,
    hub: Hub,
    upkeep: Upkeep,
    forever: Mapping[str, Callable[[], Coroutine[None, None, None]]],
    *,
    has_relay: bool,
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run(_app: web.Application) -> AsyncIterator[None]:
        # A node that starts has no socket open, whatever the rows say: everyone gets a grace to come back.
        directory = await store.directory()
        for line_id in lines_of(directory.libraries.values()):
            await hub.lose_everyone(line_id)
        stranded = sum(branch.relay_only for branch in directory.branches.values())
        if stranded and not has_relay:
            # Their calls find no way at all: the forms refuse this, but the relay may be taken out of the settings.
            _log.warning("relay_only_without_relay", branches=stranded)
        await upkeep.look()
        works = [asyncio.create_task(work(), name=name) for name, work in forever.items()]
        for work in works:
            work.add_done_callback(_say_if_broken)
        yield
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
        await store.close()

    return run


async def _forget(store: Store, clock: Clock) -> None:
    """For ever: apply the retention rules."""
    while True:
        try:
            removed = await store.forget_expired(clock.now())
        except StoreError as error:
            _log.warning("retention_waits_for_store", error=type(error).__name__)
        else:
            if any(removed.values()):
                _log.info("retention_applied", **{name: count for name, count in removed.items() if count})
        await asyncio.sleep(RETENTION_EVERY_S)


def _say_if_broken(work: asyncio.Task[None]) -> None:
    """A part that ends by itself leaves a server that looks alive: stop it, so that its supervisor starts it anew."""
    if work.cancelled() or work.exception() is None:
        return
    _log.error("background_work_broke", work=work.get_name(), error=type(work.exception()).__name__)
    raise web.GracefulExit
