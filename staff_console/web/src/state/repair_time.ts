// How long a received picture is held back so that lost packets can be sent again before it is due. The kiosk goes by
// the same rule and says what was measured (kiosk/adapters/peer/repair_time.py). A path that loses little is left alone:
// there it would only be delay. Where far too much is lost it is the rate that is missing, and waiting makes it worse.
import type { PeerStats } from "./stats";

/** Shares of the packets: held back from the first on, and no longer below the second or from the third on. */
const BEGIN_LOSS = 0.03;
const END_LOSS = 0.015;
const TOO_MUCH_LOSS = 0.27;
/** Two retransmissions and finding out about them. */
const ROUND_TRIPS = 2.5;
const MAX_MS = 300;
const WINDOW_S = 10;
/** Losses of fewer packets say little. */
const PACKETS_NEEDED = 200;

interface Seen {
  readonly atS: number;
  readonly received: number;
  readonly lost: number;
}

export interface RepairTime {
  /** Null: as the browser thinks best. */
  readonly targetMs: number | null;
  readonly seen: readonly Seen[];
}

export const NO_REPAIR_TIME: RepairTime = { targetMs: null, seen: [] };

/** Take the counters of this moment (seconds of a rising clock). */
export function holdBack(before: RepairTime, stats: PeerStats, atS: number): RepairTime {
  const latest = { atS, received: stats.packetsReceived, lost: stats.packetsLost };
  const seen = [...before.seen.filter((one) => one.atS >= atS - WINDOW_S), latest];
  const oldest = seen[0] ?? latest;
  const lost = latest.lost - oldest.lost;
  const expected = lost + latest.received - oldest.received;
  if (expected < PACKETS_NEEDED || stats.roundTripMs === null) return { ...before, seen };
  const share = lost / expected;
  let { targetMs } = before;
  if (targetMs === null && share >= BEGIN_LOSS && share < TOO_MUCH_LOSS)
    targetMs = Math.min(MAX_MS, ROUND_TRIPS * stats.roundTripMs);
  else if (targetMs !== null && (share < END_LOSS || share >= TOO_MUCH_LOSS)) targetMs = null;
  return { targetMs, seen };
}
