// What the screen may ask for. main/ answers; a screen offers only what is allowed in the state that it shows.
import type { NotePhrase, Outcome, PauseReason, Topic } from "../protocol/messages";
import type { DeviceKind, Preferences } from "./console";
import type { ProofPart } from "./duty";
import type { OwnChoices } from "./own";

export interface Commands {
  signIn(login: string, password: string): void;
  signOut(): void;
  changePassword(current: string, next: string): void;
  /** Look again whether the server answers. */
  reach(): void;

  /** Open microphone and camera for the check. */
  checkDevices(): void;
  chooseDevice(kind: DeviceKind, id: string): void;
  /** From a click: unlock sound, sound the test ring, say what is proven, go on duty. */
  goOnDuty(): void;
  goOffDuty(): void;
  /** From a click: mend what is missing. */
  mend(part: ProofPart): void;
  /** Stay on duty and do not ring here; `minutes` null: until taken back. */
  pause(reason: Exclude<PauseReason, "unanswered">, minutes: number | null): void;
  /** Ring here again. */
  endPause(): void;
  /** Somebody is here: the answer to the question. */
  sayHere(): void;
  soundTestRing(): void;
  setNamed(named: boolean): void;

  accept(): void;
  decline(): void;

  setMicrophone(on: boolean): void;
  setCamera(on: boolean): void;
  hold(): void;
  resume(): void;
  leave(): void;
  finish(): void;
  /** A line to somebody who waits. */
  note(visitId: string, phrase: NotePhrase): void;
  /** Ask a colleague into the conversation. */
  invite(seatId: string): void;
  /** Stop asking, or thank the colleague who was brought in. */
  uninvite(): void;
  /** End the visit and let its kiosk rest for a while. */
  flag(): void;
  /** The kiosk of the visit that was flagged rests no more. */
  unlockKiosk(): void;
  /** Ask for a new path, after a distrusted or lost one. */
  tryAgain(): void;
  /** From a click: play the visitor's sound that the browser held back. */
  unlockPlayback(): void;

  type(text: string): void;
  sendLine(): void;

  closeOut(topic: Topic | null, outcome: Outcome | null): void;

  /** Fetch what the server keeps of one's own settings. */
  loadOwn(): void;
  saveOwn(settings: OwnChoices): void;
  /** From a click: ask the browser for notices. */
  allowNotices(): void;
  /** From a click: let this browser be woken while standing by, or not. */
  setPush(on: boolean): void;

  prefer(change: Partial<Preferences>): void;
  putAwayFault(): void;
  /** Load the page anew: a newer console waits on the server. */
  reload(): void;
}
