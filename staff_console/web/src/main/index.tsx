// The composition root: the only place that builds concrete things and joins them.
import { render } from "preact";
import { createSilence } from "../media/silence";
import { createAdminApi } from "../net/admin";
import { createSessionApi } from "../net/http";
import { createLink } from "../net/link";
import { createOwnApi } from "../net/own";
import { createConsole } from "../state/console";
import { isAwaited } from "../state/duty";
import { App, NeedsHttps } from "../ui/app";
import quietIcon from "../ui/favicon.svg";
import ringingIcon from "../ui/favicon_ringing.svg";
import { createWords } from "../ui/words";
import { createAlarm } from "./alarm";
import { createCallRunner } from "./call";
import { createCommands } from "./commands";
import { createEquipment } from "./equipment";
import { createInbox } from "./inbox";
import { createManageDoor } from "./manage";
import { watchNetwork } from "./network";
import { createOrders } from "./orders";
import { createOwn } from "./own";
import { callOut, dressPage, readFigures } from "./page";
import { loadPreferences } from "./preferences";
import { createSeatMemory } from "./seat";
import { createSessions } from "./session";
import { createSigns } from "./signs";
import { watchSleep } from "./sleep";
import { createTyping } from "./typing";
import { createWatch } from "./watch";

/** How often what shows a time is drawn anew. */
const TICK_MS = 1_000;

function start(root: HTMLElement): void {
  const state = createConsole(loadPreferences(localStorage, navigator.languages), Date.now());
  const words = createWords(() => state.preferences.value.language);
  dressPage(state, document.documentElement);
  if (!isSecureContext) {
    // Browsers then give no camera, no microphone and no keys: there is nothing to build.
    render(<NeedsHttps words={words} />, root);
    return;
  }

  const seat = createSeatMemory(sessionStorage);
  const link = createLink(
    () => ({ csrf: sessions.csrf(), seat_id: seat.id() }),
    {
      up() {
        inbox.expectSnapshot();
        state.link.value = "up";
      },
      away() {
        state.link.value = "away";
      },
      refused: (code) => sessions.refused(code),
      message: (name, payload) => inbox.message(name, payload),
    },
    { awaited: () => isAwaited(state.view.value), fetch: fetch.bind(globalThis), chance: Math.random },
  );
  const orders = createOrders(state, link);
  const typing = createTyping(state, link);
  const call = createCallRunner({
    state,
    link,
    subtle: crypto.subtle,
    nowS: () => performance.now() / 1000,
    tracks: () => equipment.tracks(),
    silence: createSilence(),
  });
  const watch = createWatch({ state, link, seat, call, typing, equipment: () => equipment });
  const equipment = createEquipment(state, navigator.mediaDevices, watch.equipmentChanged);
  const alarm = createAlarm(equipment.ring, document, { quiet: quietIcon, ringing: ringingIcon });
  const inbox = createInbox({
    state,
    clock: Date.now,
    requestSnapshot: () => void link.send("snapshot.request", {}).catch(() => {}),
    viewChanged: watch.viewChanged,
    onHistory: typing.adopt,
    onOffer: call.offer,
    onAnswer: (answer) => call.answer(answer),
    onCandidate: call.candidate,
  });
  const sessions = createSessions({
    state,
    api: createSessionApi(fetch.bind(globalThis)),
    open: link.open,
    signedOut() {
      link.close();
      seat.forget();
      equipment.close();
      call.viewChanged(true);
    },
  });
  const signs = createSigns({ state, link, window, clock: Date.now });
  const own = createOwn({
    state,
    api: createOwnApi(fetch.bind(globalThis), sessions.csrf),
    orders,
    window,
  });
  const commands = createCommands({
    state,
    sessions,
    orders,
    equipment,
    signs,
    own,
    call,
    typing,
    storage: localStorage,
    reload: () => location.reload(),
  });

  const manage = createManageDoor({
    state,
    words,
    api: createAdminApi(fetch.bind(globalThis), sessions.csrf),
    window,
  });

  readFigures(state, words);
  callOut(state, alarm, words, document);
  const secondPassed = watchSleep({ state, link, equipment, call, window, clock: Date.now });
  watchNetwork({ link, call, window });
  setInterval(() => {
    secondPassed();
    state.nowMs.value = Date.now() + inbox.clockOffsetMs();
  }, TICK_MS);
  // Asked first and drawn meanwhile: after a reload in a call, somebody waits.
  void sessions.resume();
  render(<App state={state} commands={commands} words={words} manage={manage} />, root);
}

const root = document.getElementById("app");
if (root !== null) start(root);
