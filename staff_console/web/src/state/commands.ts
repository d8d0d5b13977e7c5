// What the screen may ask for. main/ answers; a screen offers only what is allowed in the state that it shows.
import type { Outcome, Topic } from "../protocol/messages";
import type { DeviceKind, Preferences } from "./console";

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
  mend(part: "sound" | "microphone" | "camera"): void;
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
  /** Ask for a new path, after a distrusted or lost one. */
  tryAgain(): void;
  /** From a click: play the visitor's sound that the browser held back. */
  unlockPlayback(): void;

  type(text: string): void;
  sendLine(): void;

  closeOut(topic: Topic | null, outcome: Outcome | null): void;

  prefer(change: Partial<Preferences>): void;
  putAwayFault(): void;
  /** Load the page anew: a newer console waits on the server. */
  reload(): void;
}
