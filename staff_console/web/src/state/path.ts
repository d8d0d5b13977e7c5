// What the librarian can see of a path: in words on the screen, and the figures behind them one click away.
import type { IceTrouble, PathFault, PathQuality, RelayTransport } from "../protocol/messages";

/** The figures behind the word. Null: not known (yet). */
export interface PathFigures {
  readonly generation: number;
  readonly seconds: number;
  readonly connectMs: number | null;
  /** Median. */
  readonly roundTripMs: number | null;
  readonly lossInPercent: number;
  readonly lossOutPercent: number | null;
  readonly freezes: number;
  readonly frozenS: number;
  readonly concealedPercent: number;
  readonly widthReceived: number;
  readonly heightReceived: number;
  readonly widthSent: number;
  readonly heightSent: number;
  readonly framesPerSecondReceived: number | null;
  readonly videoCodec: string;
  readonly audioCodec: string;
  /** What the path is thought to carry from here, kbit/s. */
  readonly estimateKbps: number | null;
  readonly relayed: boolean;
  readonly relay: RelayTransport | null;
  readonly worst: PathQuality;
}

export interface PathFacts {
  readonly quality: PathQuality;
  /** What is wrong with a path that calls itself connected. */
  readonly fault: PathFault | null;
  readonly troubles: readonly IceTrouble[];
  /** Our camera is on, and the path too thin for more than a still. */
  readonly picturePaused: boolean;
  /** An older generation still carries while this one is being built. */
  readonly carried: boolean;
  readonly figures: PathFigures;
}
