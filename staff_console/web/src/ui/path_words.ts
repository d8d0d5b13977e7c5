// What is said of a path, decided from what is known of it. The sentences stand in l10n, the drawing in path.tsx.
import type { PathFault, PathQuality, StaffVisit } from "../protocol/messages";
import type { CallPhase } from "../state/call";
import type { LinkState } from "../state/console";
import { secondsUntil } from "../state/line";
import type { PathFacts, PathFigures } from "../state/path";

/** The one word beside a picture. */
export type PathWord = PathQuality | "fault" | "back";

/** Who is away: this page's own connection, the kiosk's, or the path between the two. */
export type Away = "own" | "kiosk" | "path";

/** A conversation that is interrupted and comes back, or is given up at `until`. */
export interface Interruption {
  readonly away: Away;
  readonly until: string | null;
}

/** Phases in which nothing flows on this very path. */
const BUILDING: ReadonlySet<CallPhase> = new Set([
  "summoned",
  "verifying",
  "connecting",
  "shaky",
  "renewing",
]);

/** What covers the place of the visitor's picture in each phase, until the first one has come. */
export const COVER_WORDS: Readonly<Record<Exclude<CallPhase, "connected">, string>> = {
  none: "call-summoned",
  summoned: "call-summoned",
  verifying: "call-verifying",
  connecting: "call-connecting",
  shaky: "call-shaky",
  renewing: "call-renewing",
  unverified: "call-unverified",
};

/** Whether the conversation is interrupted; null while it flows, and before it has begun. */
export function interruption(
  visit: StaffVisit,
  phase: CallPhase,
  path: PathFacts | null,
  link: LinkState,
): Interruption | null {
  const begun = path !== null || visit.talking_since !== null;
  if (!begun || !BUILDING.has(phase) || path?.carried === true) return null;
  const away = link !== "up" ? "own" : visit.kiosk_connected ? "path" : "kiosk";
  return { away, until: visit.coming_back_until };
}

/**
 * The word beside the picture; null before there is anything to say.
 *
 * @param theirStill Of the other end's picture only a still comes: while it moves, "sound only" would not be true.
 */
export function pathWord(path: PathFacts | null, interrupted: boolean, theirStill: boolean): PathWord | null {
  if (interrupted) return "back";
  if (path === null) return null;
  if (path.fault !== null) return "fault";
  if (theirStill) return "sound_only";
  return path.quality === "sound_only" ? "poor" : path.quality;
}

/** What stands under the visitor's picture; null while there is nothing that one should know. */
export type PathSentence = `path-fault-${PathFault}` | "path-poor" | "path-sound" | "path-own-still";

export function pathSentence(path: PathFacts | null, visitorStill: boolean): PathSentence | null {
  if (path === null) return null;
  if (path.fault !== null) return `path-fault-${path.fault}`;
  if (path.quality !== "poor" && path.quality !== "sound_only") return visitorStill ? "path-sound" : null;
  if (visitorStill) return "path-sound";
  return path.picturePaused ? "path-own-still" : "path-poor";
}

/** Seconds left, never more than were left before of the same deadline: a clock that was set right makes no jump. */
export function secondsLeft(
  before: { readonly until: string; readonly left: number } | null,
  until: string,
  nowMs: number,
): { readonly until: string; readonly left: number } {
  const left = secondsUntil(until, nowMs);
  return { until, left: before?.until === until ? Math.min(before.left, left) : left };
}

/** One line of the panel: the id of its name, and its value. Null: not known (yet). */
export type FigureRow = readonly [
  name: string,
  value: Readonly<{ id: string; values: Record<string, string | number> }> | null,
];

/** The figures in the order in which one reads them; `number` writes one in the reader's language. */
export function figureRows(
  figures: PathFigures,
  number: (value: number, decimals: number) => string,
): readonly FigureRow[] {
  const said = (id: string, values: Record<string, string | number> = {}) => ({ id, values });
  const percent = (value: number | null) =>
    value === null ? null : said("figure-percent", { value: number(value, 1) });
  const milliseconds = (value: number | null) =>
    value === null ? null : said("figure-ms", { value: number(value, 0) });
  const size = (width: number, height: number, rate: number | null) =>
    width === 0
      ? said("figure-no-picture")
      : rate === null
        ? said("figure-size", { width: `${width}`, height: `${height}` })
        : said("figure-size-rate", { width: `${width}`, height: `${height}`, rate: number(rate, 0) });
  const codecs = [figures.audioCodec, figures.videoCodec].filter((codec) => codec !== "").join(", ");
  const { estimateKbps: kbps } = figures;
  return [
    ["figure-round-trip", milliseconds(figures.roundTripMs)],
    ["figure-loss-in", percent(figures.lossInPercent)],
    ["figure-loss-out", percent(figures.lossOutPercent)],
    ["figure-concealed", percent(figures.concealedPercent)],
    ["figure-freezes", said("figure-times", { times: figures.freezes, seconds: number(figures.frozenS, 1) })],
    ["figure-received", size(figures.widthReceived, figures.heightReceived, figures.framesPerSecondReceived)],
    ["figure-sent", size(figures.widthSent, figures.heightSent, null)],
    [
      "figure-estimate",
      kbps === null
        ? null
        : kbps >= 1000
          ? said("figure-mbit", { value: number(kbps / 1000, 1) })
          : said("figure-kbit", { value: number(kbps, 0) }),
    ],
    ["figure-codec", codecs === "" ? null : said("figure-plain", { value: codecs })],
    [
      "figure-route",
      !figures.relayed
        ? said("figure-direct")
        : figures.relay === null
          ? said("figure-relayed")
          : said("figure-relayed-by", { transport: figures.relay.toUpperCase() }),
    ],
    ["figure-connect", milliseconds(figures.connectMs)],
    ["figure-generation", said("figure-plain", { value: figures.generation })],
    ["figure-worst", said(`path-word-${figures.worst}`)],
  ];
}
