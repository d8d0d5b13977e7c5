// Everything that the screen shows, as documented current values. main/ writes them, ui/ reads them.
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { CallMedia, DeviceCondition, ErrorCode, Language, Role, StaffView } from "../protocol/messages";
import { type CallState, NO_CALL } from "./call";
import { type DutyState, dutyState, type Proof } from "./duty";
import type { NoticeState, OwnSettings, PushState } from "./own";
import type { PathFacts } from "./path";
import type { Conversation } from "./text";

/** Who is signed in, as `GET /api/session` says. */
export interface StaffMember {
  readonly staff_id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly must_change_password?: boolean;
}

export type SessionPhase = "starting" | "unreachable" | "signed_out" | "must_change_password" | "signed_in";

/** A refusal in words of the wire; the sentence is made where it is shown. */
export interface Fault {
  readonly code: ErrorCode | "weak_password" | "no_answer";
  readonly data: Readonly<Record<string, string | number>>;
}

/**
 * The connection to the server. `outdated`: the server speaks a newer wire. `forbidden`: this account has no desk.
 * `origin`: the server does not know the address of this page.
 */
export type LinkState = "down" | "connecting" | "up" | "away" | "outdated" | "forbidden" | "origin";

export type DeviceKind = "microphone" | "camera" | "loudspeaker";

export interface DeviceChoice {
  readonly id: string;
  readonly label: string;
}

/** One device: what is true of it, and what could be used instead. */
export interface DeviceState {
  /** `closed`: not opened yet. `blocked`: the browser was told not to allow it. `silent`: open, and gives nothing. */
  readonly condition: DeviceCondition | "blocked" | "silent";
  readonly chosen: string;
  readonly choices: readonly DeviceChoice[];
}

export type Theme = "system" | "light" | "dark";

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  /** Single-key shortcuts; can be switched off (WCAG 2.1.4). */
  readonly shortcuts: boolean;
}

/** What another end says of itself; null before it has spoken. */
export type EndMedia = Omit<CallMedia, "visit_id"> | null;

export interface ConsoleState {
  readonly session: Signal<SessionPhase>;
  readonly staff: Signal<StaffMember | null>;
  readonly link: Signal<LinkState>;
  /** The server's view: nothing is shown that is not in it. Null before the first snapshot. */
  readonly view: Signal<StaffView | null>;
  /** This page was on duty, was away for longer than the server waits, and came back off duty. */
  readonly dutyLost: Signal<boolean>;
  /** The server's clock now, ms since 1970; moves once a second. */
  readonly nowMs: Signal<number>;
  /** The last refusal, until it is put away or the next command is done. */
  readonly fault: Signal<Fault | null>;
  /** The offer that was answered here, yes or no: it rings no more, though the view may still show it for a moment. */
  readonly answered: Signal<string | null>;
  /** Commands that wait for their acknowledgement. */
  readonly pending: Signal<ReadonlySet<string>>;

  readonly microphone: Signal<DeviceState>;
  readonly camera: Signal<DeviceState>;
  readonly loudspeaker: Signal<DeviceState>;
  /** Loudness of our microphone, 0 to 1. */
  readonly level: Signal<number>;
  /** Own picture; null while the camera is closed. */
  readonly ownPicture: Signal<MediaStream | null>;
  /** What this page can prove. */
  readonly proof: Signal<Proof>;
  /** The test ring is sounding. */
  readonly testRinging: Signal<boolean>;

  /** The path to the kiosk. */
  readonly call: Signal<CallState>;
  readonly visitorStream: Signal<MediaStream | null>;
  /** What it is like; null until it was connected once. */
  readonly path: Signal<PathFacts | null>;
  /** The path to the colleague in the conversation. */
  readonly colleagueCall: Signal<CallState>;
  readonly colleagueStream: Signal<MediaStream | null>;
  readonly colleaguePath: Signal<PathFacts | null>;
  readonly kioskMedia: Signal<EndMedia>;
  /** The same of the colleague in the conversation. */
  readonly colleagueMedia: Signal<EndMedia>;
  /** What the librarian wants to send; hold overrules both. */
  readonly microphoneWanted: Signal<boolean>;
  readonly cameraWanted: Signal<boolean>;
  /** The browser would not play the visitor's sound without a click. */
  readonly playbackBlocked: Signal<boolean>;

  readonly conversation: Signal<Conversation>;
  readonly draft: Signal<string>;

  readonly preferences: Signal<Preferences>;
  /** One's own settings on the server; null until they were fetched. */
  readonly own: Signal<OwnSettings | null>;
  /** The last change of them was kept. */
  readonly ownKept: Signal<boolean>;
  readonly push: Signal<PushState>;
  readonly notices: Signal<NoticeState>;

  readonly duty: ReadonlySignal<DutyState>;
  /** Both truths of hold: the visit is held, so nothing of ours is sent. */
  readonly held: ReadonlySignal<boolean>;
}

const CLOSED: DeviceState = { condition: "closed", chosen: "", choices: [] };

/** A console in which nothing has happened yet. */
export function createConsole(preferences: Preferences, nowMs: number): ConsoleState {
  const view = signal<StaffView | null>(null);
  const link = signal<LinkState>("down");
  const proof = signal<Proof>({ sound: false, microphone: false, camera: false });
  return {
    session: signal<SessionPhase>("starting"),
    staff: signal<StaffMember | null>(null),
    link,
    view,
    dutyLost: signal(false),
    nowMs: signal(nowMs),
    fault: signal<Fault | null>(null),
    answered: signal<string | null>(null),
    pending: signal<ReadonlySet<string>>(new Set()),
    microphone: signal(CLOSED),
    camera: signal(CLOSED),
    loudspeaker: signal(CLOSED),
    level: signal(0),
    ownPicture: signal<MediaStream | null>(null),
    proof,
    testRinging: signal(false),
    call: signal(NO_CALL),
    visitorStream: signal<MediaStream | null>(null),
    path: signal<PathFacts | null>(null),
    colleagueCall: signal(NO_CALL),
    colleagueStream: signal<MediaStream | null>(null),
    colleaguePath: signal<PathFacts | null>(null),
    kioskMedia: signal<EndMedia>(null),
    colleagueMedia: signal<EndMedia>(null),
    microphoneWanted: signal(true),
    cameraWanted: signal(true),
    playbackBlocked: signal(false),
    conversation: signal<Conversation>([]),
    draft: signal(""),
    preferences: signal(preferences),
    own: signal<OwnSettings | null>(null),
    ownKept: signal(false),
    push: signal<PushState>("unknown"),
    notices: signal<NoticeState>("default"),
    duty: computed(() => dutyState(view.value?.seat ?? null, proof.value, link.value === "up")),
    held: computed(() => view.value?.visit?.state === "held"),
  };
}
