// The composition root: the only place that builds concrete things and joins them.
import { effect } from "@preact/signals";
import { render } from "preact";
import { createSessionApi, HttpFault, type Session } from "../net/http";
import { createLink, Refused } from "../net/link";
import type { FromConsole } from "../protocol/messages";
import type { Commands } from "../state/commands";
import { type ConsoleState, createConsole, type Fault, type StaffMember } from "../state/console";
import { proofDiffers } from "../state/duty";
import { App } from "../ui/app";
import { createWords } from "../ui/words";
import { createAlarm } from "./alarm";
import { createCallRunner } from "./call";
import { createEquipment } from "./equipment";
import { createInbox } from "./inbox";
import { loadPreferences, savePreferences } from "./preferences";
import { createSeatMemory } from "./seat";
import { createTyping } from "./typing";

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
      if (code === "not_authenticated" || code === "revoked") signedOut();
      else if (code === "version") state.link.value = "outdated";
      else if (code === "already_connected") {
        seat.forget();
        link.open();
      } else {
        state.link.value = "away";
        setTimeout(() => void resume(), 3000);
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
    onOffer: call.offer,
    onCandidate: call.candidate,
  });

  function viewChanged(fresh: boolean): void {
    const view = state.view.value;
    if (view === null) return;
    seat.keep(view.seat.id);
    const wasRenewing = state.call.value.phase === "renewing";
    call.viewChanged();
    if (fresh) {
      if (wasRenewing && state.call.value.phase === "renewing") call.retry();
      // On duty or in a call before a reload: the devices were allowed then, so they open without a question.
      if (view.seat.on_duty || view.visit !== null) void equipment.check();
    }
    sayProof();
    call.mediaChanged();
  }

  function sayProof(): void {
    const own = state.view.value?.seat;
    if (state.link.value !== "up" || !own || !proofDiffers(own, state.proof.value)) return;
    void link.send("seat.proof", state.proof.value).catch(() => {});
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
      setTimeout(() => void resume(), 3000);
    }
  }

  const commands: Commands = {
    signIn: (login, password) =>
      void attempt("sign_in", async () => enter(await api.signIn(csrf, login, password))),
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
    goOffDuty: () => void order("seat.duty", { on_duty: false }),
    mend: () => void equipment.check(),
    soundTestRing: () => void equipment.ring.unlock().then(() => equipment.testRing()),
    setNamed: (named) => void order("seat.named", { named }),
    accept: () => {
      const offer = state.view.value?.offer;
      if (!offer) return;
      call.accepting(true);
      void order("offer.accept", { offer_id: offer.id }).then((won) => {
        if (!won) call.accepting(false);
      });
    },
    decline: () => {
      const offer = state.view.value?.offer;
      if (offer) void order("offer.decline", { offer_id: offer.id });
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
    const offer = state.view.value?.offer;
    if (offer && state.link.value === "up") {
      alarm.start({
        title: words("ring-title", { branch: offer.branch_name }),
        notice: words("ring-notice", { branch: offer.branch_name, kiosk: offer.kiosk_name }),
      });
    } else {
      alarm.stop();
    }
  });
  setInterval(() => {
    state.nowMs.value = Date.now() + inbox.clockOffsetMs();
  }, 1000);

  render(<App state={state} commands={commands} words={words} />, root);
  await resume();
}

const root = document.getElementById("app");
if (root !== null) void start(root);

export type { ConsoleState };
