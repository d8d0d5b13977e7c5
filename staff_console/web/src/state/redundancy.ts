// When sound is said twice (RFC 2198): where the path loses packets, and is wide enough for it. The kiosk goes by the same
// rule and says what was measured (kiosk/adapters/peer/redundancy.py). Congestion control does not count what is said the
// second time, so on a thin path sound and picture together would never fit.
import type { PeerStats } from "./stats";

/** Share of what left that did not arrive: said twice from here on, and once again below. */
const BEGIN_LOSS = 0.01;
const END_LOSS = 0.003;
/** What the path must be thought to carry to begin, and to go on. */
const BEGIN_KBPS = 600;
const END_KBPS = 400;
const WINDOW_S = 10;
/** Losses of fewer packets say little. */
const PACKETS_NEEDED = 200;

interface Seen {
  readonly atS: number;
  readonly sent: number;
  readonly lost: number;
}

export interface Redundancy {
  /** Sound is to be said twice. */
  readonly wanted: boolean;
  readonly seen: readonly Seen[];
}

export const SAID_ONCE: Redundancy = { wanted: false, seen: [] };

/** Take the counters of this moment (seconds of a rising clock). */
export function sayTwice(before: Redundancy, stats: PeerStats, atS: number): Redundancy {
  const latest = { atS, sent: stats.packetsSent, lost: stats.packetsLostThere };
  const seen = [...before.seen.filter((one) => one.atS >= atS - WINDOW_S), latest];
  const oldest = seen[0] ?? latest;
  const estimate = stats.estimateKbps;
  if (before.wanted && estimate !== null && estimate < END_KBPS) return { wanted: false, seen };
  const sent = latest.sent - oldest.sent;
  if (sent < PACKETS_NEEDED) return { ...before, seen };
  const share = (latest.lost - oldest.lost) / sent;
  // A look back over a whole window: what was lost just now may be lost again.
  const over = before.wanted
    ? share < END_LOSS && atS - oldest.atS >= WINDOW_S - 1
    : share >= BEGIN_LOSS && (estimate === null || estimate >= BEGIN_KBPS);
  return { wanted: over ? !before.wanted : before.wanted, seen };
}
