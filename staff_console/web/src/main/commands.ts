// What the screen may ask for, and who carries it out.
import type { Commands } from "../state/commands";
import type { ConsoleState } from "../state/console";
import type { CallRunner } from "./call";
import type { Equipment } from "./equipment";
import type { Orders } from "./orders";
import type { Own } from "./own";
import { savePreferences } from "./preferences";
import type { Sessions } from "./session";
import type { Signs } from "./signs";
import type { Typing } from "./typing";

export interface CommandDeps {
  readonly state: ConsoleState;
  readonly sessions: Sessions;
  readonly orders: Orders;
  readonly equipment: Equipment;
  readonly signs: Signs;
  readonly own: Own;
  readonly call: CallRunner;
  readonly typing: Typing;
  readonly storage: Storage;
  readonly reload: () => void;
}

export function createCommands(deps: CommandDeps): Commands {
  const { state, sessions, orders, equipment, signs, own, call, typing } = deps;

  /** Quiet at once; and it rings on if the answer did not arrive. */
  async function answer(name: "offer.accept" | "offer.decline"): Promise<boolean> {
    const offer = state.view.value?.offer;
    if (!offer) return false;
    state.answered.value = offer.id;
    const done = await orders.order(name, { offer_id: offer.id });
    if (!done) state.answered.value = null;
    return done;
  }

  type OfVisit = "hold" | "resume" | "leave" | "finish" | "uninvite" | "flag";
  function ofVisit(what: OfVisit): void {
    const visit = state.view.value?.visit;
    if (visit) void orders.order(`visit.${what}`, { visit_id: visit.id });
  }

  return {
    signIn: (login, password) => void orders.attempt("sign_in", () => sessions.signIn(login, password)),
    signOut: () => void orders.attempt("sign_out", sessions.signOut),
    changePassword: (current, next) =>
      void orders.attempt("change_password", () => sessions.changePassword(current, next)),
    reach: () => void sessions.resume(),

    checkDevices: () => void equipment.check(),
    chooseDevice: (kind, id) => void equipment.choose(kind, id),
    goOnDuty() {
      void orders.attempt("go_on_duty", async () => {
        await equipment.check();
        void equipment.testRing();
        await orders.order("seat.duty", { on_duty: true });
      });
    },
    async goOffDuty() {
      const done = await orders.order("seat.duty", { on_duty: false });
      // Nobody can call now: the camera's light goes out.
      if (done && !state.view.value?.visit) equipment.close();
    },
    async mend(part) {
      await equipment.check();
      // The click itself is what a silent seat wants; what was proven before may have gone unheard.
      if (part === "silent") signs.say();
    },
    pause: (reason, minutes) => void orders.order("seat.pause", { reason, minutes }),
    async endPause() {
      // Nothing is green that was not looked at: a pause is long enough for a lid to close.
      await equipment.check();
      await orders.order("seat.resume", {});
    },
    sayHere: signs.say,
    soundTestRing: () => void equipment.ring.unlock().then(equipment.testRing),
    setNamed: (named) => void orders.order("seat.named", { named }),

    async accept() {
      const visitId = state.view.value?.offer?.visit_id;
      call.accepting(true);
      if (!(await answer("offer.accept"))) call.accepting(false);
      else if (visitId !== undefined) call.accepted(visitId);
    },
    decline: () => void answer("offer.decline"),

    setMicrophone(on) {
      state.microphoneWanted.value = on;
      call.mediaChanged();
    },
    setCamera(on) {
      state.cameraWanted.value = on;
      call.mediaChanged();
    },
    hold: () => ofVisit("hold"),
    resume: () => ofVisit("resume"),
    leave: () => ofVisit("leave"),
    finish: () => ofVisit("finish"),
    note: (visitId, phrase) => void orders.order("visit.note", { visit_id: visitId, phrase }),
    invite(seatId) {
      const visit = state.view.value?.visit;
      if (visit) void orders.order("visit.invite", { visit_id: visit.id, seat_id: seatId });
    },
    uninvite: () => ofVisit("uninvite"),
    flag: () => ofVisit("flag"),
    unlockKiosk() {
      const visit = state.view.value?.close_out?.visit_id;
      if (visit) void orders.order("kiosk.unlock", { visit_id: visit });
    },
    tryAgain: call.retry,
    unlockPlayback() {
      state.playbackBlocked.value = false;
    },

    type: typing.type,
    sendLine: typing.sendLine,

    closeOut(topic, outcome) {
      const visit = state.view.value?.close_out?.visit_id;
      if (visit) void orders.order("visit.close_out", { visit_id: visit, topic, outcome });
    },

    loadOwn: () => void own.load(),
    saveOwn: (settings) => void own.save(settings),
    allowNotices: () => void own.allowNotices(),
    setPush: (on) => void own.setPush(on),

    prefer(change) {
      state.preferences.value = { ...state.preferences.value, ...change };
      savePreferences(deps.storage, state.preferences.value);
    },
    putAwayFault() {
      state.fault.value = null;
    },
    reload: deps.reload,
  };
}
