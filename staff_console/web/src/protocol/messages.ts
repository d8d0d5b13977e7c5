// Written by tools/types.mjs from signaling/protocol/schema.json; do not edit.

export type JsonValue = unknown;
/**
 * Why something was refused. The meaning of each stands in PROTOCOL.md.
 */
export type ErrorCode =
  | "malformed"
  | "too_large"
  | "too_fast"
  | "unknown_message"
  | "version"
  | "origin"
  | "not_authenticated"
  | "revoked"
  | "replayed"
  | "code_used"
  | "already_connected"
  | "forbidden"
  | "not_found"
  | "wrong_state"
  | "taken"
  | "stale_generation"
  | "unavailable"
  | "internal";
/**
 * What one end says of one of its devices.
 */
export type DeviceCondition = "ok" | "missing" | "failed" | "closed";
/**
 * The kiosk's two media engines.
 */
export type MediaEngine = "libwebrtc" | "aiortc";
/**
 * Languages of the screens (BCP 47).
 */
export type Language = "sv" | "nb" | "en";
/**
 * The life of a visit and its call; see `signaling.domain.visit` for the table.
 */
export type VisitState = "waiting" | "offered" | "connecting" | "talking" | "held" | "ended";
/**
 * What a staff member may do.
 */
export type Role = "librarian" | "specialist" | "branch_admin" | "service_owner" | "system_admin";
/**
 * How the visit went, chosen at close-out.
 */
export type Outcome = "solved" | "referred" | "not_solved";
/**
 * The two ends of a call.
 */
export type Party = "visitor" | "staff";
/**
 * What the visit was about, chosen at close-out.
 */
export type Topic = "find_material" | "loan_or_card" | "digital_help" | "room_or_machine" | "other";

/**
 * The acknowledgement of every message that a client sends: done (with `data`), or refused.
 */
export interface Ack {
  ok: boolean;
  data: JsonValue;
  error: Refusal | null;
}
/**
 * What went wrong, as a code with values; never a sentence.
 */
export interface Refusal {
  code: ErrorCode;
  data: {
    [k: string]: string | number;
  };
}
/**
 * Whether somebody can answer.
 *
 * Attributes:
 *     answerable: Seats that are on duty with everything proven, busy or not.
 *     free: Those of them that a visit would ring now.
 *     names: First names of those on duty who wish to be named.
 *     next_open: When somebody is expected next, if known.
 */
export interface AvailabilityView {
  answerable: number;
  free: number;
  /**
   * @maxItems 50
   */
  names: string[];
  next_open: string | null;
}
/**
 * The console's SDP answer.
 */
export interface CallAnswer {
  visit_id: string;
  generation: number;
  sdp: string;
}
/**
 * One trickled ICE candidate; empty means: no more.
 */
export interface CallCandidate {
  visit_id: string;
  generation: number;
  candidate: string;
  sdp_mid: string | null;
  sdp_m_line_index: number | null;
}
/**
 * Ask for the ICE servers of one visit; the credentials live for a short time.
 */
export interface CallIce {
  visit_id: string;
}
/**
 * What one end sends, and what is true of its devices. Sent anew at each generation and change.
 */
export interface CallMedia {
  visit_id: string;
  camera_sending: boolean;
  microphone_sending: boolean;
  camera: DeviceCondition;
  microphone: DeviceCondition;
  loudspeaker: DeviceCondition;
}
/**
 * The kiosk's SDP offer of one generation, with its DTLS fingerprint signed by the kiosk's key.
 *
 * The signature covers context, visit, generation and fingerprint, joined by line feeds (UTF-8, Ed25519).
 */
export interface CallOffer {
  visit_id: string;
  generation: number;
  sdp: string;
  fingerprint: string;
  signature: string;
}
/**
 * A command about one generation of a call: `call.connected`, `call.again`.
 */
export interface CallRef {
  visit_id: string;
  generation: number;
}
/**
 * A finished visit that waits for topic and outcome, or to be skipped.
 */
export interface CloseOutView {
  visit_id: string;
  branch_name: string;
  ended_at: string;
}
/**
 * Another seat on duty.
 */
export interface Colleague {
  id: string;
  name: string;
  answerable: boolean;
  busy: boolean;
}
/**
 * What changed since the revision before.
 *
 * `set` replaces whole top-level fields. `put` and `drop` change single entries of the keyed fields
 * (`services`, `colleagues`, `line`). A receiver whose revision is not `revision - 1` asks for a snapshot.
 */
export interface Delta {
  revision: number;
  set: {
    [k: string]: JsonValue;
  };
  put: {
    [k: string]: {
      [k: string]: JsonValue;
    };
  };
  drop: {
    [k: string]: string[];
  };
}
/**
 * As in `RTCIceServer`.
 */
export interface IceServerEntry {
  urls: string[];
  username: string;
  credential: string;
}
/**
 * Reply to `call.ice`. An empty list is a list: nobody asks anybody else's server.
 */
export interface IceServers {
  servers: IceServerEntry[];
  relay_only: boolean;
}
/**
 * The `auth` of a kiosk's connection: proof that it holds the key that was enrolled.
 *
 * `instance` is made anew at each start of the program, so that a kiosk that reconnects is told apart from a
 * second kiosk with a copied key.
 */
export interface KioskHello {
  protocol: number;
  kiosk_id: string;
  instance: string;
  challenge: string;
  signature: string;
  software: string;
  engine: MediaEngine;
}
/**
 * The whole view, after connecting or on request. `server_time` lets clocks be compared.
 */
export interface KioskSnapshot {
  protocol: number;
  revision: number;
  server_time: string;
  view: KioskView;
}
/**
 * Everything that one kiosk shows.
 */
export interface KioskView {
  kiosk_id: string;
  kiosk_name: string;
  library_name: string;
  branch_name: string;
  phone: string;
  time_zone: string;
  default_language: Language;
  services: {
    [k: string]: ServiceEntry;
  };
  availability: AvailabilityView;
  visit: KioskVisit | null;
}
/**
 * One service that can be asked for.
 */
export interface ServiceEntry {
  id: string;
  names: {
    [k: string]: string;
  };
}
/**
 * The visit of this kiosk, as its visitor sees it.
 *
 * `seat_connected` is false while the librarian's console is away; what was typed meanwhile is told again after.
 */
export interface KioskVisit {
  id: string;
  state: VisitState;
  language: Language;
  place: number;
  returned: boolean;
  generation: number;
  librarian_name: string;
  seat_connected: boolean;
  opened_at: string;
  held_since: string | null;
}
/**
 * One open visit in the line or in a call, with nothing about the person.
 */
export interface LineEntry {
  id: string;
  state: VisitState;
  place: number;
  branch_name: string;
  kiosk_name: string;
  service_id: string;
  language: Language;
  opened_at: string;
  returned: boolean;
  seat_id: string | null;
  seat_name: string;
}
/**
 * Who is signed in.
 */
export interface Me {
  staff_id: string;
  name: string;
  roles: Role[];
}
/**
 * An empty payload or reply.
 */
export interface Nothing {}
/**
 * Reply to `offer.accept`: this seat won.
 */
export interface OfferAccepted {
  visit_id: string;
}
/**
 * A command about one ring.
 */
export interface OfferRef {
  offer_id: string;
}
/**
 * A ring at this seat.
 */
export interface OfferView {
  id: string;
  visit_id: string;
  branch_name: string;
  kiosk_name: string;
  service_id: string;
  language: Language;
  opened_at: string;
  returned: boolean;
  deadline: string;
}
/**
 * The duty switch.
 */
export interface SeatDuty {
  on_duty: boolean;
}
/**
 * Whether this seat's first name may stand on the idle screens.
 */
export interface SeatNamed {
  named: boolean;
}
/**
 * What the seat has proven: sound by a click, microphone and camera by the check.
 */
export interface SeatProof {
  sound: boolean;
  microphone: boolean;
  camera: boolean;
}
/**
 * This browser tab's own seat: what was asked, what has been proven, and what is so.
 */
export interface SeatView {
  id: string;
  on_duty: boolean;
  sound: boolean;
  microphone: boolean;
  camera: boolean;
  answerable: boolean;
  named: boolean;
  wrap_up_until: string | null;
}
/**
 * The `auth` of a console's connection; who it is comes from the session cookie.
 *
 * `csrf` must equal the token that `GET /api/session` gave: a foreign page cannot read it. `seat_id` is the
 * seat of this browser tab before a reload, so that it comes back into the same seat and call.
 */
export interface StaffHello {
  protocol: number;
  csrf: string;
  seat_id: string | null;
}
/**
 * The whole view, after connecting or on request.
 */
export interface StaffSnapshot {
  protocol: number;
  revision: number;
  server_time: string;
  view: StaffView;
}
/**
 * Everything that one console shows.
 */
export interface StaffView {
  me: Me;
  seat: SeatView;
  services: {
    [k: string]: ServiceEntry;
  };
  colleagues: {
    [k: string]: Colleague;
  };
  line: {
    [k: string]: LineEntry;
  };
  offer: OfferView | null;
  visit: StaffVisit | null;
  close_out: CloseOutView | null;
}
/**
 * The visit that this seat is in.
 */
export interface StaffVisit {
  id: string;
  state: VisitState;
  branch_name: string;
  branch_phone: string;
  branch_notes: string;
  kiosk_name: string;
  kiosk_key: string;
  kiosk_connected: boolean;
  service_id: string;
  language: Language;
  opened_at: string;
  talking_since: string | null;
  held_since: string | null;
  generation: number;
}
/**
 * Real-time text: the whole line `entry` of its author as it stands now (EN 301 549, 6.2).
 *
 * The author numbers its lines from 1. The same entry sent again replaces the older one; `done` ends it.
 * `author` is set by the server when it passes the line on.
 */
export interface TextDraft {
  visit_id: string;
  entry: number;
  text: string;
  done: boolean;
  author: Party;
}
/**
 * The kiosk tells a console that came back what was typed so far; kept in the kiosk's memory alone.
 */
export interface TextHistory {
  visit_id: string;
  /**
   * @maxItems 200
   */
  entries: TextDraft[];
}
/**
 * Topic and outcome; both None means skipped.
 */
export interface VisitCloseOut {
  visit_id: string;
  topic: Topic | null;
  outcome: Outcome | null;
}
/**
 * One of three faces: 3 as good as the desk, 2 nearly, 1 not.
 */
export interface VisitFeedback {
  visit_id: string;
  score: 1 | 2 | 3;
}
/**
 * The visitor changed the language of the screen during the visit.
 */
export interface VisitLanguage {
  visit_id: string;
  language: Language;
}
/**
 * A visitor tapped. `request_id` makes a repeated send harmless.
 */
export interface VisitOpen {
  request_id: string;
  service_id: string;
  language: Language;
}
/**
 * Reply to `visit.open`: it is in the database.
 */
export interface VisitOpened {
  visit_id: string;
}
/**
 * A command about one visit that needs nothing more.
 */
export interface VisitRef {
  visit_id: string;
}

/** What the console may send, and what the acknowledgement carries. */
export interface FromConsole {
  "snapshot.request": { payload: Nothing; reply: Nothing };
  "visit.finish": { payload: VisitRef; reply: Nothing };
  "visit.hold": { payload: VisitRef; reply: Nothing };
  "visit.resume": { payload: VisitRef; reply: Nothing };
  "visit.leave": { payload: VisitRef; reply: Nothing };
  "visit.close_out": { payload: VisitCloseOut; reply: Nothing };
  "offer.accept": { payload: OfferRef; reply: OfferAccepted };
  "offer.decline": { payload: OfferRef; reply: Nothing };
  "seat.duty": { payload: SeatDuty; reply: Nothing };
  "seat.proof": { payload: SeatProof; reply: Nothing };
  "seat.named": { payload: SeatNamed; reply: Nothing };
  "call.ice": { payload: CallIce; reply: IceServers };
  "call.connected": { payload: CallRef; reply: Nothing };
  "call.again": { payload: CallRef; reply: Nothing };
  "call.answer": { payload: CallAnswer; reply: Nothing };
  "call.candidate": { payload: CallCandidate; reply: Nothing };
  "call.media": { payload: CallMedia; reply: Nothing };
  "text.draft": { payload: TextDraft; reply: Nothing };
}

/** What the server sends to the console. */
export interface ToConsole {
  "call.offer": CallOffer;
  "call.candidate": CallCandidate;
  "call.media": CallMedia;
  "text.draft": TextDraft;
  "text.history": TextHistory;
  "staff.snapshot": StaffSnapshot;
  "presence.ask": Nothing;
  "delta": Delta;
}

/** Fields of the views that are changed entry by entry. */
export const KEYED_FIELDS = ["colleagues","line","services"] as const;

export const PROTOCOL_VERSION = 1;
export const OLDEST_PROTOCOL_VERSION = 1;
export const KIOSK_NAMESPACE = "/kiosk";
export const STAFF_NAMESPACE = "/staff";
export const CONNECT_SIGNATURE_CONTEXT = "librarian-on-demand/kiosk-connect/v1";
export const FINGERPRINT_SIGNATURE_CONTEXT = "librarian-on-demand/dtls-fingerprint/v1";
export const MAX_MESSAGE_BYTES = 65536;
export const MAX_SDP_CHARS = 32768;
export const MAX_CANDIDATE_CHARS = 1024;
export const MAX_TEXT_CHARS = 1000;
export const MAX_NAME_CHARS = 80;
export const MAX_ID_CHARS = 64;
export const MAX_TEXT_ENTRIES = 200;
export const MESSAGES_PER_S = 30;
export const MESSAGES_BURST = 120;
export const FLOOD_LIMIT = 200;
