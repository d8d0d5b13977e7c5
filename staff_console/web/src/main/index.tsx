// The composition root: the only place that builds concrete things and joins them.
import { effect } from "@preact/signals";
import { render } from "preact";
import { createSessionApi, HttpFault, type Session } from "../net/http";
import { createLink, Refused } from "../net/link";
import type { FromConsole } from "../protocol/messages";
import type { Commands } from "../state/commands";
import { createConsole, type Fault, type StaffMember } from "../state/console";
import { type Proof, proofDiffers } from "../state/duty";
import { App } from "../ui/app";
import { createWords } from "../ui/words";
import { createAlarm } from "./alarm";
import { createCallRunner } from "./call";
import { createEquipment } from "./equipment";
import { createInbox } from "./inbox";
import { loadPreferences, savePreferences } from "./preferences";
import { createSeatMemory } from "./seat";
import { createTyping } from "./typing";

/** How soon the session is asked again when the server turned us away or did not answer. */
const RESUME_MS = 2_000;

async function start(root: HTMLElement): Promise<void> {
  const state = createConsole(loadPreferences(localStorage, navigator.languages), Date.now());
  const words = createWords(() => state.preferences.value.language);
  const seat = createSeatMemory(sessionStorage);
  const api = createSessionApi(fetch.bind(globalThis));
  let csrf = "";

  const link = createLink(() => ({ csrf, seat_id: seat.id() }), {
    up() {
      inbox.expectSnapshot();
      state.link.value = "up";
    },
    away() {
      state.link.value = "away";
    },
    refused(code) {
      if (code === "version") state.link.value = "outdated";
      else if (code === "forbidden" || code === "origin") state.link.value = code;
      else {
        // Signed out meanwhile, a token that is too old, a server that is starting: the session knows.
        state.link.value = "away";
        setTimeout(() => void resume(), RESUME_MS);
      }
    },
    message: (name, payload) => inbox.message(name, payload),
  });

  const equipment = createEquipment(state, navigator.mediaDevices, () => {
    sayProof();
    call.mediaChanged();
  });
  const alarm = createAlarm(equipment.ring, document);
  const typing = createTyping(state, link);
  const call = createCallRunner({
    state,
    link,
    subtle: crypto.subtle,
    tracks: () => ({
      audio: equipment.devices.state.microphone.track,
      video: equipment.devices.state.camera.track,
    }),
  });
  const inbox = createInbox({
    state,
    clock: Date.now,
    requestSnapshot: () => void link.send("snapshot.request", {}).catch(() => {}),
    viewChanged,
    onHistory: typing.adopt,
    onOffer: call.offer,
    onCandidate: call.candidate,
  });

  let kioskWasConnected = false;

  function viewChanged(fresh: boolean): void {
    const view = state.view.value;
    if (view === null) return;
    const kioskConnected = view.visit?.kiosk_connected === true;
    // Either end was away: what was said meanwhile may not have arrived.
    const reunited = kioskConnected && (fresh || !kioskWasConnected);
    kioskWasConnected = kioskConnected;
    seat.keep(view.seat.id);
    const wasRenewing = state.call.value.phase === "renewing";
    call.viewChanged();
    if (fresh) {
      if (wasRenewing && state.call.value.phase === "renewing") call.retry();
      // On duty or in a call before a reload: the devices were allowed then, so they open without a question.
      if (view.seat.on_duty || view.visit !== null) void equipment.check();
    }
    sayProof();
    if (reunited) {
      call.sayMediaAnew();
      typing.resend();
    }
    call.mediaChanged();
  }

  /** The proof that is on its way, so that it is not said twice while the view has yet to show it. */
  let proofSaid: Proof | null = null;

  function sayProof(): void {
    const own = state.view.value?.seat;
    const proof = state.proof.value;
    if (state.link.value !== "up" || !own || !proofDiffers(own, proof)) return;
    if (proofSaid === proof) return;
    proofSaid = proof;
    link
      .send("seat.proof", proof)
      .catch(() => {})
      .finally(() => {
        if (proofSaid === proof) proofSaid = null;
      });
  }

  /** Send a command, and show its refusal. */
  async function order<Name extends keyof FromConsole>(
    name: Name,
    payload: FromConsole[Name]["payload"],
  ): Promise<boolean> {
    return attempt(name, () => link.send(name, payload));
  }

  async function attempt(name: string, act: () => Promise<unknown>): Promise<boolean> {
    if (state.pending.value.has(name)) return false;
    state.pending.value = new Set([...state.pending.value, name]);
    state.fault.value = null;
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof Refused || error instanceof HttpFault)) throw error;
      state.fault.value = { code: error.code as Fault["code"], data: error.data };
      return false;
    } finally {
      state.pending.value = new Set([...state.pending.value].filter((one) => one !== name));
    }
  }

  /** Quiet at once; and it rings on if the answer did not arrive. */
  async function answer(name: "offer.accept" | "offer.decline", offerId: string): Promise<boolean> {
    state.answered.value = offerId;
    const done = await order(name, { offer_id: offerId });
    if (!done) state.answered.value = null;
    return done;
  }

  function visitId(): string {
    return state.view.value?.visit?.id ?? "";
  }

  function enter(session: Session): void {
    csrf = session.csrf;
    state.staff.value = session.staff as StaffMember | null;
    if (session.staff === null) {
      signedOut();
    } else if (session.staff.must_change_password) {
      state.session.value = "must_change_password";
    } else {
      state.session.value = "signed_in";
      if (state.link.value === "down") state.link.value = "connecting";
      link.open();
    }
  }

  function signedOut(): void {
    link.close();
    state.session.value = "signed_out";
    state.link.value = "down";
    state.view.value = null;
    state.staff.value = null;
    equipment.close();
    call.viewChanged();
  }

  async function resume(): Promise<void> {
    try {
      enter(await api.load());
    } catch {
      if (state.session.value === "starting") state.session.value = "unreachable";
      setTimeout(() => void resume(), RESUME_MS);
    }
  }

  const commands: Commands = {
    signIn: (login, password) =>
      void attempt("sign_in", async () => {
        // The token of a page that was left open overnight is too old: take a fresh one.
        csrf = (await api.load()).csrf;
        enter(await api.signIn(csrf, login, password));
      }),
    signOut: () =>
      void attempt("sign_out", async () => {
        await api.signOut(csrf);
        seat.forget();
        enter(await api.load());
      }),
    changePassword: (current, next) =>
      void attempt("change_password", async () => {
        await api.changePassword(csrf, current, next);
        enter(await api.load());
      }),
    reach: () => void resume(),
    checkDevices: () => void equipment.check(),
    chooseDevice: (kind, id) => void equipment.choose(kind, id),
    goOnDuty: () => {
      alarm.askForNotices();
      void (async () => {
        await equipment.check();
        void equipment.testRing();
        await order("seat.duty", { on_duty: true });
      })();
    },
    goOffDuty: () => {
      void order("seat.duty", { on_duty: false }).then((done) => {
        // Nobody can call now: the camera's light goes out.
        if (done && !state.view.value?.visit) equipment.close();
      });
    },
    mend: () => void equipment.check(),
    soundTestRing: () => void equipment.ring.unlock().then(() => equipment.testRing()),
    setNamed: (named) => void order("seat.named", { named }),
    accept: () => {
      const offer = state.view.value?.offer;
      if (!offer) return;
      call.accepting(true);
      void answer("offer.accept", offer.id).then((won) => {
        if (!won) call.accepting(false);
      });
    },
    decline: () => {
      const offer = state.view.value?.offer;
      if (offer) void answer("offer.decline", offer.id);
    },
    setMicrophone: (on) => {
      state.microphoneWanted.value = on;
      call.mediaChanged();
    },
    setCamera: (on) => {
      state.cameraWanted.value = on;
      call.mediaChanged();
    },
    hold: () => void order("visit.hold", { visit_id: visitId() }),
    resume: () => void order("visit.resume", { visit_id: visitId() }),
    leave: () => void order("visit.leave", { visit_id: visitId() }),
    finish: () => void order("visit.finish", { visit_id: visitId() }),
    tryAgain: call.retry,
    unlockPlayback: () => {
      state.playbackBlocked.value = false;
    },
    type: typing.type,
    sendLine: typing.sendLine,
    closeOut: (topic, outcome) => {
      const visit = state.view.value?.close_out?.visit_id;
      if (visit) void order("visit.close_out", { visit_id: visit, topic, outcome });
    },
    prefer: (change) => {
      state.preferences.value = { ...state.preferences.value, ...change };
      savePreferences(localStorage, state.preferences.value);
    },
    putAwayFault: () => {
      state.fault.value = null;
    },
    reload: () => location.reload(),
  };

  effect(() => {
    document.documentElement.lang = state.preferences.value.language;
    document.documentElement.dataset.theme = state.preferences.value.theme;
  });
  effect(() => {
    const view = state.view.value;
    const offer = view?.offer;
    const quietTitle = pageTitle();
    if (offer && offer.id !== state.answered.value && state.link.value === "up") {
      alarm.start(offer.id, {
        title: words("ring-title", { branch: offer.branch_name }),
        quietTitle,
        notice: words("ring-notice", { kiosk: offer.kiosk_name }),
      });
    } else {
      alarm.stop();
      document.title = quietTitle;
    }
  });

  /** What the tab says when nothing rings. */
  function pageTitle(): string {
    const view = state.view.value;
    const name = words("app-name");
    if (view === null) return name;
    const how = view.visit !== null ? "visit" : view.seat.on_duty ? "on" : "off";
    return `${words(`title-${how}`)} · ${name}`;
  }

  setInterval(() => {
    state.nowMs.value = Date.now() + inbox.clockOffsetMs();
  }, 1000);

  render(<App state={state} commands={commands} words={words} />, root);
  await resume();
}

const root = document.getElementById("app");
if (root !== null) void start(root);
