// The roll-up of a service: teams in the order in which they are rung.
import type { AdminView, TierForm } from "../../protocol/messages";

export const MAX_TIERS = 8;
/** How much later a further team is rung, when nobody has said. */
const LATER_S = 20;

export interface TeamChoice {
  readonly id: string;
  readonly name: string;
  /** Whose it is; empty: one's own. */
  readonly library: string;
}

/** One's own teams, then those of neighbours in the same line. */
export function teamChoices(view: AdminView): TeamChoice[] {
  return [
    ...view.teams.map(({ id, name }) => ({ id, name, library: "" })),
    ...view.neighbours.flatMap((neighbour) =>
      Object.entries(neighbour.teams).map(([id, name]) => ({ id, name, library: neighbour.name })),
    ),
  ];
}

/** With one more team: at once when it is the first, later than the last one when it is not. */
export function withTier(tiers: readonly TierForm[], team_id: string): TierForm[] {
  const last = tiers.at(-1);
  return [...tiers, { team_id, after_s: last === undefined ? 0 : last.after_s + LATER_S }];
}

/** In the order in which they are rung. */
export function byWait(tiers: readonly TierForm[]): TierForm[] {
  // A number that is none yet stays where it is being typed.
  return tiers.some(({ after_s }) => Number.isNaN(after_s))
    ? [...tiers]
    : [...tiers].sort((one, other) => one.after_s - other.after_s);
}
