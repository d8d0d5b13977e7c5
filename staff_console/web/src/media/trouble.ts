// What may keep a path from being found, told from how the gathering of addresses goes.
import type { IceTrouble } from "../protocol/messages";

/** "Could not reach the server" (W3C WebRTC, 4.8.2); any other code is the server's own answer. */
const UNREACHABLE = 701;

export interface TroubleWatch {
  /** One of our addresses; null: there are no more. */
  candidate(candidate: Pick<RTCIceCandidate, "candidate" | "type"> | null): void;
  /** A server that was asked for one gave none. */
  error(url: string, code: number): void;
}

/** `tell` is called once for each trouble. */
export function createTroubleWatch(tell: (trouble: IceTrouble) => void): TroubleWatch {
  const told = new Set<IceTrouble>();
  let found = 0;
  let relays = 0;
  let unreachable = false;
  let complete = false;

  function once(trouble: IceTrouble): void {
    if (told.has(trouble)) return;
    told.add(trouble);
    tell(trouble);
  }

  /** A browser tries each of the machine's networks, and tells of each that does not reach the relay: one is enough. */
  function judgeRelay(): void {
    if (complete && unreachable && relays === 0) once("relay_unreachable");
  }

  return {
    candidate(candidate) {
      if (candidate !== null) {
        if (candidate.candidate === "") return;
        found += 1;
        if (candidate.type === "relay") relays += 1;
        return;
      }
      complete = true;
      if (found === 0) once("no_candidates");
      judgeRelay();
    },
    error(url, code) {
      if (!/^turns?:/i.test(url)) return; // who asks a STUN server in vain has its own addresses still
      if (code === UNREACHABLE) unreachable = true;
      else once("relay_refused");
      judgeRelay();
    },
  };
}
