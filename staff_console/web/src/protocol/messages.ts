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
  | "locked"
  | "internal";
/**
 * Everything that somebody who is signed in can do. The value is also what the action log says.
 */
export type Action =
  | "own_settings"
  | "answer"
  | "view_places"
  | "edit_branch"
  | "close_branch"
  | "edit_branch_exception"
  | "edit_branch_card"
  | "add_kiosk"
  | "rename_kiosk"
  | "edit_kiosk"
  | "new_kiosk_code"
  | "revoke_kiosk"
  | "set_kiosk_pin"
  | "view_health"
  | "identify_kiosk"
  | "test_kiosk"
  | "reload_kiosk"
  | "restart_kiosk_program"
  | "restart_kiosk_machine"
  | "lock_kiosk"
  | "edit_library"
  | "add_branch"
  | "remove_branch"
  | "add_service"
  | "edit_service"
  | "remove_service"
  | "edit_service_exception"
  | "edit_team"
  | "remove_team"
  | "edit_library_card"
  | "view_staff"
  | "add_staff"
  | "edit_staff"
  | "disable_staff"
  | "enable_staff"
  | "reset_password"
  | "set_roles"
  | "view_actions"
  | "add_library"
  | "link_libraries";
/**
 * Why a form was not saved, beside the wire's own codes.
 */
export type AdminProblemCode =
  | "changed"
  | "name_taken"
  | "in_use"
  | "last_admin"
  | "revoked"
  | "not_own"
  | "required"
  | "too_long"
  | "too_small"
  | "too_big"
  | "wrong"
  | "too_easy"
  | "overlap"
  | "unknown"
  | "fixed"
  | "roles"
  | "no_relay"
  | "push_refused";
/**
 * What a staff member may do.
 */
export type Role = "librarian" | "specialist" | "branch_admin" | "service_owner" | "system_admin";
/**
 * Languages of the screens (BCP 47).
 */
export type Language = "sv" | "nb" | "en";
/**
 * How a service chooses the seats that ring.
 */
export type OfferPolicy = "ring_all" | "longest_idle";
/**
 * Where the camera of a kiosk sits; the librarian's eyes come near it.
 */
export type LensSide = "top" | "left" | "right";
/**
 * Whether a kiosk has got its key.
 */
export type EnrolmentState = "waiting" | "enrolled" | "revoked";
/**
 * How much one cause takes down.
 */
export type AlertScope = "kiosk" | "branch" | "network";
/**
 * Everything that can be found.
 */
export type HealthCode =
  | "loudspeaker_missing"
  | "loudspeaker_silent"
  | "loudspeaker_muted"
  | "loudspeaker_wrong"
  | "microphone_missing"
  | "microphone_deaf"
  | "microphone_wrong"
  | "sound_too_quiet"
  | "sound_too_loud"
  | "sound_distorted"
  | "sound_late"
  | "echo_left"
  | "camera_missing"
  | "camera_slow"
  | "camera_frozen"
  | "camera_black"
  | "camera_covered"
  | "camera_blurred"
  | "camera_uneven_light"
  | "screen_not_drawn"
  | "touch_unseen"
  | "server_unreached"
  | "clock_wrong"
  | "relay_udp_blocked"
  | "relay_tcp_blocked"
  | "relay_tls_blocked"
  | "relay_unreached"
  | "relay_refused"
  | "call_failed"
  | "call_no_picture"
  | "call_no_sound"
  | "disk_nearly_full"
  | "disk_full"
  | "memory_low"
  | "too_hot"
  | "undervoltage"
  | "restarted_often"
  | "second_engine"
  | "update_failed"
  | "away"
  | "never_seen"
  | "silent"
  | "not_tested";
/**
 * What one end says of one of its devices.
 */
export type DeviceCondition = "ok" | "missing" | "failed" | "closed";
/**
 * The kiosk's two media engines.
 */
export type MediaEngine = "libwebrtc" | "aiortc";
/**
 * How an end reaches the relay.
 */
export type RelayTransport = "udp" | "tcp" | "tls";
/**
 * How a path is, in words for people. Ordered from best to worst.
 */
export type PathQuality = "good" | "fair" | "poor" | "sound_only";
/**
 * What is wrong with a path that calls itself connected.
 */
export type PathFault = "nothing_arrives" | "no_picture" | "nothing_leaves";
/**
 * Why a path may not be found, as the end that looks for it can tell.
 */
export type IceTrouble = "no_candidates" | "relay_refused" | "relay_unreachable";
/**
 * The two ends of a call.
 */
export type Party = "visitor" | "staff";
/**
 * Why an estimate is longer than the one shown before.
 */
export type EstimateReason = "fewer_seats" | "returned_ahead" | "takes_longer";
/**
 * What is tested together. A test says which areas it looked at; of the others the last finding stands.
 */
export type HealthArea = "sound" | "camera" | "screen" | "network" | "call" | "machine" | "program" | "reach";
/**
 * How a kiosk is, in one word. Ordered from best to worst.
 */
export type Light = "green" | "amber" | "red" | "grey";
/**
 * Why a kiosk tests itself.
 */
export type TestKind = "boot" | "opening" | "nightly" | "asked" | "devices" | "light";
/**
 * What is measured, with its unit in its name. A number that could not be measured is left out.
 */
export type HealthNumber =
  | "sweep_level_db"
  | "noise_level_db"
  | "sound_delay_ms"
  | "distortion_percent"
  | "echo_left_db"
  | "camera_fps"
  | "camera_light_percent"
  | "camera_contrast_percent"
  | "camera_sharpness"
  | "screen_drawn_ms"
  | "server_round_trip_ms"
  | "clock_ahead_s"
  | "call_connect_ms"
  | "call_frames"
  | "call_sound_percent"
  | "disk_free_percent"
  | "memory_free_percent"
  | "temperature_c"
  | "cpu_percent"
  | "program_mb"
  | "uptime_s"
  | "restarts";
/**
 * What somebody at the console can ask of a kiosk.
 */
export type OrderKind = "identify" | "test" | "reload" | "restart_program" | "restart_machine";
/**
 * The life of one order.
 */
export type OrderState = "asked" | "taken" | "done" | "failed" | "expired";
/**
 * Why a kiosk could not do what it was asked.
 */
export type OrderFault = "in_a_visit" | "not_allowed" | "broken";
/**
 * The life of a visit and its call; see `signaling.domain.visit` for the table.
 */
export type VisitState = "waiting" | "offered" | "calling" | "connecting" | "talking" | "held" | "ended";
/**
 * Why nobody can answer a visit that waits.
 */
export type Nobody = "nobody_on_duty" | "language";
/**
 * A line to somebody who waits; the kiosk says it in the visitor's language.
 */
export type NotePhrase = "soon_with_you" | "few_minutes" | "colleague_comes";
/**
 * What became of the server's own try of the relay, one address at a time.
 */
export type RelayFinding =
  "reached" | "refused" | "full" | "unreachable" | "unknown_host" | "certificate" | "wrong_answer";
/**
 * Why a seat that was on duty is not any more, when it was not its own click.
 */
export type OffDutyCause = "no_sign";
/**
 * What a ring asks for.
 */
export type OfferKind = "visit" | "join";
/**
 * How the visit went, chosen at close-out.
 */
export type Outcome = "solved" | "referred" | "not_solved";
/**
 * Why a seat is on duty and yet not rung.
 */
export type PauseReason = "break" | "desk" | "meeting" | "other_work" | "unanswered";
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
 * Lines of the action log, newest first; `next_before` asks for those that are older.
 */
export interface ActionLogPage {
  entries: ActionRow[];
  next_before: string | null;
}
/**
 * One line of the action log. `actor_name` is empty when it was the command line.
 */
export interface ActionRow {
  id: string;
  at: string;
  actor_name: string;
  action: string;
  subject_id: string;
  details: {
    [k: string]: string;
  };
}
/**
 * Why a form was refused.
 *
 * Attributes:
 *     field: Path of the field ("hours.week.0.1.opens_min"); empty when it is about the whole form.
 */
export interface AdminProblem {
  code: AdminProblemCode | ErrorCode;
  field: string;
  data: {
    [k: string]: string | number;
  };
}
/**
 * Everything that the forms show to one person: the own library, and what may be read of its neighbours.
 *
 * Attributes:
 *     allowed: Every action, and whether this person may do it; a form that may not be saved is not offered.
 *     grantable_roles: Roles that this person may give and take.
 *     staff: Accounts of the own library; empty for somebody who may not keep accounts.
 *     people: Everybody who can be in a team, disabled accounts left out.
 *     relay_available: This installation has a relay, so a branch may ask for `relay_only`.
 *     relay_always: The installation itself sends all media through it, whatever a branch says.
 *     push_available: This server can send web push.
 *     email_available: This server can send e-mail.
 */
export interface AdminView {
  me: string;
  allowed: {
    [k: string]: boolean;
  };
  grantable_roles: Role[];
  library: KeptLibrary;
  neighbours: Neighbour[];
  branches: KeptBranch[];
  services: KeptService[];
  teams: KeptTeam[];
  cards: KeptCard[];
  exceptions: KeptDayException[];
  kiosks: KeptKiosk[];
  staff: KeptStaff[];
  people: Person[];
  countries: string[];
  time_zones: string[];
  relay_available: boolean;
  relay_always: boolean;
  push_available: boolean;
  email_available: boolean;
}
/**
 * As kept now. `revision` goes back in `If-Match`.
 */
export interface KeptLibrary {
  name: string;
  default_language: Language;
  time_zone: string;
  country: string;
  urgent_number: string;
  alert_quiet_from_min: number;
  alert_quiet_to_min: number;
  id: string;
  revision: string;
}
/**
 * Another library in the same line, with the teams that can be asked there.
 */
export interface Neighbour {
  id: string;
  name: string;
  teams: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[A-Za-z0-9_\-]+$".
     */
    [k: string]: string;
  };
}
/**
 * As kept now.
 */
export interface KeptBranch {
  name: string;
  phone: string;
  notes: string;
  hours: HoursForm | null;
  closed: boolean;
  closed_until: string | null;
  closed_texts: {
    [k: string]: string;
  };
  relay_only: boolean;
  video_max_kbps: number;
  audio_max_kbps: number;
  id: string;
  revision: string;
}
/**
 * Weekly hours: Monday to Sunday, each in order and without overlap.
 */
export interface HoursForm {
  /**
   * @minItems 7
   * @maxItems 7
   */
  week: SpanForm[][];
  closed_on_holidays: boolean;
}
/**
 * Open from one minute of the local day until before another: 08.00 to 22.00 is 480 and 1320.
 */
export interface SpanForm {
  opens_min: number;
  closes_min: number;
}
/**
 * As kept now.
 */
export interface KeptService {
  names: {
    [k: string]: string;
  };
  languages: Language[];
  priority: number;
  offer_policy: OfferPolicy;
  ring_timeout_s: number | null;
  choice_after_s: number;
  /**
   * @maxItems 8
   */
  tiers: TierForm[];
  hours: HoursForm | null;
  id: string;
  revision: string;
}
/**
 * One step of the roll-up: this team is rung from so many seconds after the tap on.
 */
export interface TierForm {
  team_id: string;
  after_s: number;
}
/**
 * As kept now.
 */
export interface KeptTeam {
  name: string;
  members: string[];
  id: string;
  revision: string;
}
/**
 * As kept now.
 */
export interface KeptCard {
  branch_id: string | null;
  position: number;
  titles: {
    [k: string]: string;
  };
  bodies: {
    [k: string]: string;
  };
  id: string;
  revision: string;
}
/**
 * As kept now. The id is made of subject and day, for the address of the route alone.
 */
export interface KeptDayException {
  subject_id: string;
  day: string;
  /**
   * @maxItems 6
   */
  spans: SpanForm[];
  texts: {
    [k: string]: string;
  };
  id: string;
  revision: string;
}
/**
 * As kept now.
 */
export interface KeptKiosk {
  branch_id: string;
  name: string;
  push_to_talk: boolean;
  lens_side: LensSide;
  camera_height_cm: number;
  brightness_percent: number;
  closed_brightness_percent: number;
  volume_max_percent: number;
  quiet_from_min: number;
  quiet_to_min: number;
  quiet_volume_max_percent: number;
  test_at_min: number;
  version: string;
  id: string;
  revision: string;
  enrolment: EnrolmentState;
}
/**
 * As kept now.
 */
export interface KeptStaff {
  name: string;
  login: string;
  roles: Role[];
  languages: Language[];
  email: string;
  standby: boolean;
  alerts: boolean;
  id: string;
  revision: string;
  disabled: boolean;
  must_change_password: boolean;
}
/**
 * Somebody who can be a member of a team.
 */
export interface Person {
  id: string;
  name: string;
  library_id: string;
}
/**
 * One thing that people were told of, or will be.
 *
 * Attributes:
 *     told_at: None while it waits: for the end of the quiet hours, for somebody who wants to be told, or for a way
 *         of sending that works.
 */
export interface AlertRow {
  id: string;
  scope: AlertScope;
  branch_id: string | null;
  kiosk_ids: string[];
  code: HealthCode;
  found_at: string;
  told_at: string | null;
  mended_at: string | null;
}
/**
 * Whether somebody can answer.
 *
 * Attributes:
 *     answerable: Seats that are on duty with everything proven, busy or not; no more than `MAX_SEATS_SHOWN`.
 *     free: Those of them that a visit would ring now; no more than `MAX_SEATS_SHOWN`.
 *     names: First names of those on duty who wish to be named.
 *     languages: What they speak, each once, in the order of the vocabulary.
 *     open: The hours say that the service is offered now.
 *     next_open: When it is offered again, while it is not; None when nobody knows.
 *     closed_texts: Why it is closed today, if somebody has written it ("Christmas Eve").
 */
export interface AvailabilityView {
  answerable: number;
  free: number;
  /**
   * @maxItems 50
   */
  names: string[];
  languages: Language[];
  open: boolean;
  next_open: string | null;
  closed_texts: {
    [k: string]: string;
  };
}
/**
 * The branch is closed for a while, with its own text.
 */
export interface BranchClosed {
  until: string | null;
  texts: {
    [k: string]: string;
  };
}
/**
 * A place with kiosks. `hours` None means always; `closed_until` None means until somebody opens it again.
 *
 * `relay_only`: media of its kiosks go through the relay alone. What picture and sound may take at most, each way, is
 * in kbit/s.
 */
export interface BranchForm {
  name: string;
  phone: string;
  notes: string;
  hours: HoursForm | null;
  closed: boolean;
  closed_until: string | null;
  closed_texts: {
    [k: string]: string;
  };
  relay_only: boolean;
  video_max_kbps: number;
  audio_max_kbps: number;
}
/**
 * The SDP answer.
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
 *
 * `sender` is set by the server when it passes the message on: `kiosk`, or the seat's id. `picture_paused`: the
 * camera is on, and the path too thin for a picture that moves; the last one stays.
 */
export interface CallMedia {
  visit_id: string;
  camera_sending: boolean;
  microphone_sending: boolean;
  camera: DeviceCondition;
  microphone: DeviceCondition;
  loudspeaker: DeviceCondition;
  sender: string;
  picture_paused: boolean;
}
/**
 * The SDP offer of one generation; a kiosk's comes with its DTLS fingerprint signed by the kiosk's key.
 *
 * The signature covers context, visit, generation and fingerprint, joined by line feeds (UTF-8, Ed25519). Between
 * two seats nothing is signed, and both are empty: browsers have no key of their own.
 */
export interface CallOffer {
  visit_id: string;
  generation: number;
  sdp: string;
  fingerprint: string;
  signature: string | "";
}
/**
 * What one path was like at one end, from its start until now. Figures and codes; no address, nothing said.
 *
 * Sent every `QUALITY_TOLD_EVERY_S` and when the path ends; a later one replaces the earlier.
 *
 * Attributes:
 *     seconds: Since it was connected.
 *     connect_ms: From this end's first step until it was connected; None while it is not.
 *     round_trip_ms: Median.
 *     loss_in_percent: Of all packets that should have come here.
 *     loss_out_percent: Of those that left, as the other end told.
 *     freezes: Pictures that stood still for longer than the pace explains (W3C webrtc-stats), and in all how long.
 *     concealed_percent: Of the sound that was played.
 *     width_sent, height_sent: Of the picture, now; 0 without one.
 *     engine: None is a browser.
 *     relay: How the relay is reached, if media go through it from this end.
 *     worst: The worst word that stood on the screen.
 */
export interface CallQuality {
  visit_id: string;
  generation: number;
  seconds: number;
  connect_ms: number | null;
  round_trip_ms: number | null;
  loss_in_percent: number;
  loss_out_percent: number | null;
  freezes: number;
  frozen_s: number;
  concealed_percent: number;
  width_sent: number;
  height_sent: number;
  video_codec: string;
  audio_codec: string;
  engine: MediaEngine | null;
  relayed: boolean;
  relay: RelayTransport | null;
  worst: PathQuality;
  /**
   * @maxItems 3
   */
  faults: PathFault[];
  /**
   * @maxItems 3
   */
  troubles: IceTrouble[];
}
/**
 * A command about one generation of a call: `call.connected`, `call.again`.
 */
export interface CallRef {
  visit_id: string;
  generation: number;
}
/**
 * What one path of one call was like at one end; `CallQuality` says what each figure means.
 *
 * Attributes:
 *     at: When it was told last.
 *     party: At which end it was seen.
 */
export interface CallRow {
  at: string;
  branch_id: string;
  kiosk_id: string;
  visit_id: string;
  generation: number;
  party: Party;
  seconds: number;
  connect_ms: number | null;
  round_trip_ms: number | null;
  loss_in_percent: number;
  loss_out_percent: number | null;
  freezes: number;
  frozen_s: number;
  concealed_percent: number;
  width_sent: number;
  height_sent: number;
  video_codec: string;
  audio_codec: string;
  engine: MediaEngine | null;
  relayed: boolean;
  relay: RelayTransport | null;
  worst: PathQuality;
  /**
   * @maxItems 3
   */
  faults: PathFault[];
  /**
   * @maxItems 3
   */
  troubles: IceTrouble[];
}
/**
 * Paths of calls, newest first; `next_before` asks for those that are older.
 */
export interface CallsPage {
  entries: CallRow[];
  next_before: string | null;
}
/**
 * One answer card. `branch_id` None shows it in every branch.
 */
export interface CardForm {
  branch_id: string | null;
  position: number;
  titles: {
    [k: string]: string;
  };
  bodies: {
    [k: string]: string;
  };
}
/**
 * One answer card of the branch: a question that people have, and its answer.
 */
export interface CardView {
  id: string;
  position: number;
  titles: {
    [k: string]: string;
  };
  bodies: {
    [k: string]: string;
  };
}
/**
 * A finished visit that waits for topic and outcome, or to be skipped.
 *
 * Attributes:
 *     locked_until: The kiosk rests because this visit was ended and flagged.
 */
export interface CloseOutView {
  visit_id: string;
  branch_name: string;
  ended_at: string;
  locked_until: string | null;
}
/**
 * Another seat on duty.
 */
export interface Colleague {
  id: string;
  name: string;
  answerable: boolean;
  busy: boolean;
  paused: boolean;
  languages: Language[];
}
/**
 * A day on which a branch or service (`subject_id`) has other hours; no spans means closed all day.
 */
export interface DayExceptionForm {
  subject_id: string;
  day: string;
  /**
   * @maxItems 6
   */
  spans: SpanForm[];
  texts: {
    [k: string]: string;
  };
}
/**
 * What changed since the revision before.
 *
 * `set` replaces whole top-level fields. `put` and `drop` change single entries of the keyed fields
 * (`KEYED_FIELDS`). A receiver whose revision is not `revision - 1` asks for a snapshot.
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
 * The SDP answer, with all its candidates in it. The echo sends back what it gets, and ends by itself.
 */
export interface EchoAnswer {
  sdp: string;
}
/**
 * The SDP offer of a test call to the server's echo, with all its candidates in it.
 */
export interface EchoOffer {
  sdp: string;
}
/**
 * A kiosk's one-time code, shown this once.
 */
export interface EnrolmentCode {
  kiosk_id: string;
  code: string;
  expires_at: string;
}
/**
 * When a librarian is expected, as an honest span. A later one than was shown before gives its reason.
 */
export interface Estimate {
  from_time: string;
  by_time: string;
  reason: EstimateReason | null;
}
/**
 * One thing that is wrong, and since when.
 */
export interface FindingRow {
  code: HealthCode;
  area: HealthArea;
  light: Light;
  since: string;
}
/**
 * The colleague who was brought into the conversation.
 *
 * Attributes:
 *     generation: Number of the path between this end and the colleague; 0 while there is none.
 */
export interface GuestView {
  seat_id: string;
  name: string;
  generation: number;
  connected: boolean;
}
/**
 * One kiosk over `HISTORY_DAYS`, oldest first.
 */
export interface HealthHistory {
  kiosk_id: string;
  points: HistoryPoint[];
}
/**
 * What one test found.
 */
export interface HistoryPoint {
  at: string;
  test: TestKind;
  light: Light;
  findings: HealthCode[];
  numbers: {
    [k: string]: number;
  };
}
/**
 * What is true of the kiosk now: all of it, so that one that was lost is no matter.
 *
 * Attributes:
 *     test: Why it looked.
 *     areas: What it looked at this time; of the other areas the last finding stands in `findings`, too.
 *     findings: Everything that is wrong, by codes.
 *     numbers: What was measured this time.
 *     seconds, cpu_s: How long the test took, and how much processor time.
 *     drawn: What is on the screen is what was drawn there, as read back within the last seconds.
 *     touched: Somebody has touched the screen since the program started.
 */
export interface HealthReport {
  test: TestKind;
  /**
   * @maxItems 8
   */
  areas: HealthArea[];
  /**
   * @maxItems 43
   */
  findings: HealthCode[];
  numbers: {
    [k: string]: number;
  };
  seconds: number;
  cpu_s: number;
  drawn: boolean;
  touched: boolean;
}
/**
 * How one kiosk is.
 *
 * Attributes:
 *     light: The worst of its findings; grey when it has never been seen.
 *     since: Since when the light is as it is; None while grey.
 *     findings: What explains others first; the first one is the sentence of the row.
 *     connected: It has a socket to the server now.
 *     seen_at: When it was last connected or told of itself.
 *     reported_at: Its last report, whole or light; `test` says which it was.
 *     tested_at: Its last whole test.
 *     drawn_at: When it last proved that its screen shows what is drawn there.
 *     numbers: The latest of each.
 *     call_at, call_worst: Its last call, and the worst word on its quality.
 *     locked: It is locked by somebody, with these texts.
 *     version_asked: The version it is asked to run; empty: as it is.
 *     pin_set: A PIN opens its service menu; without one nobody gets in.
 *     in_visit: A visit is on its screen: whatever touches it waits.
 */
export interface HealthRow {
  kiosk_id: string;
  branch_id: string;
  name: string;
  light: Light;
  since: string | null;
  findings: FindingRow[];
  connected: boolean;
  seen_at: string | null;
  reported_at: string | null;
  test: TestKind | null;
  tested_at: string | null;
  drawn_at: string | null;
  numbers: {
    [k: string]: number;
  };
  version: string;
  version_asked: string;
  engine: MediaEngine | null;
  call_at: string | null;
  call_worst: PathQuality | null;
  locked: boolean;
  lock_texts: {
    [k: string]: string;
  };
  pin_set: boolean;
  in_visit: boolean;
  /**
   * @maxItems 10
   */
  orders: OrderRow[];
}
/**
 * Something that was asked of a kiosk.
 *
 * Attributes:
 *     asked_by: Name of the staff member.
 *     told_at: When its state changed last.
 */
export interface OrderRow {
  id: string;
  kind: OrderKind;
  state: OrderState;
  fault: OrderFault | null;
  asked_by: string;
  asked_at: string;
  told_at: string | null;
}
/**
 * All kiosks of the library that are in use, worst first, and the latest alerts, newest first.
 *
 * Attributes:
 *     anybody_told: There is somebody who wants alerts and can be reached, by e-mail or by a browser, as far as this
 *         server can send such.
 *     quiet: It is a quiet hour: alerts wait.
 */
export interface HealthView {
  now: string;
  anybody_told: boolean;
  quiet: boolean;
  kiosks: HealthRow[];
  /**
   * @maxItems 20
   */
  alerts: AlertRow[];
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
 *
 * The bitrates are the branch's, kbit/s, for either end: where the picture starts, and what picture and sound may
 * take at most.
 */
export interface IceServers {
  servers: IceServerEntry[];
  relay_only: boolean;
  video_start_kbps: number;
  video_max_kbps: number;
  audio_max_kbps: number;
}
/**
 * What somebody chose in the service menu, standing before the kiosk. None: nothing was chosen.
 *
 * Attributes:
 *     lens_side: Where the camera sits.
 *     camera_height_cm: Above the floor; 0 when nobody has measured it.
 */
export interface KioskChosen {
  lens_side: LensSide | null;
  camera_height_cm: number | null;
}
/**
 * One touchscreen device. It stays in its branch: one that moves is a new kiosk.
 *
 * `push_to_talk`: its microphone is open only while a button is held. The others are as in `KioskSettings`.
 */
export interface KioskForm {
  branch_id: string;
  name: string;
  push_to_talk: boolean;
  lens_side: LensSide;
  camera_height_cm: number;
  brightness_percent: number;
  closed_brightness_percent: number;
  volume_max_percent: number;
  quiet_from_min: number;
  quiet_to_min: number;
  quiet_volume_max_percent: number;
  test_at_min: number;
  version: string;
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
 * Somebody has locked the kiosk, with a text, until somebody unlocks it.
 */
export interface KioskLock {
  texts: {
    [k: string]: string;
  };
}
/**
 * Something that the kiosk is asked to do, until it has told what became of it.
 */
export interface KioskOrder {
  id: string;
  kind: OrderKind;
  taken: boolean;
}
/**
 * How one kiosk is to run: kept centrally, and by the kiosk for when the server is away.
 *
 * Attributes:
 *     lens_side: Where the camera sits.
 *     camera_height_cm: Above the floor; 0 when nobody has measured it.
 *     brightness_percent: Of the screen while the branch is open.
 *     closed_brightness_percent: While it is closed; 0 turns the screen off.
 *     volume_max_percent: The loudspeaker goes no further.
 *     quiet_from_min, quiet_to_min: From when until when `quiet_volume_max_percent` holds instead; equal: never.
 *     test_at_min: When the whole test is made each night.
 *     week: The branch's opening hours, Monday to Sunday; None means that it is always open.
 *     open_now: What the server says of this moment, days with other hours and temporary closes included.
 *     pin_hash: Opens the service menu (`scrypt$n$r$p$salt$hash`, base64); empty: there is no way in.
 *     version: The version of the program that is asked for; empty: as it is.
 */
export interface KioskSettings {
  lens_side: LensSide;
  camera_height_cm: number;
  brightness_percent: number;
  closed_brightness_percent: number;
  volume_max_percent: number;
  quiet_from_min: number;
  quiet_to_min: number;
  quiet_volume_max_percent: number;
  test_at_min: number;
  week: OpeningSpan[][] | null;
  open_now: boolean;
  pin_hash: string;
  version: string;
}
/**
 * Open from one minute of the local day until before another.
 */
export interface OpeningSpan {
  opens_min: number;
  closes_min: number;
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
 *
 * Attributes:
 *     availability: Over all services.
 *     cards: Answer cards, by id.
 *     closed: The branch's temporary close.
 *     locked_until: The kiosk rests after a visit that had to be ended; urgent help stays.
 *     tickets: Numbers that wait to be called back here, in the order of the line.
 *     urgent_number: The emergency number of the country.
 *     push_to_talk: The microphone is open only while a button is held.
 *     settings: How it is to run.
 *     orders: What it is asked to do, oldest first.
 *     lock: It is locked, and says this.
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
  cards: {
    [k: string]: CardView;
  };
  closed: BranchClosed | null;
  locked_until: string | null;
  tickets: number[];
  urgent_number: string;
  push_to_talk: boolean;
  settings: KioskSettings;
  /**
   * @maxItems 8
   */
  orders: KioskOrder[];
  lock: KioskLock | null;
}
/**
 * One service that can be asked for, with who can answer it at this place.
 *
 * Attributes:
 *     languages: In which it is offered at all; who speaks them now is in `availability`.
 */
export interface ServiceEntry {
  id: string;
  names: {
    [k: string]: string;
  };
  languages: Language[];
  availability: AvailabilityView;
}
/**
 * The visit of this kiosk that is on its screen. A ticket is on it only while it is called back.
 *
 * Attributes:
 *     place: In the line, 1 is next; 0 when it does not stand in it.
 *     seat_connected: False while the librarian's console is away; what was typed meanwhile is told again after.
 *     choices: Show the ways out (keep waiting, ticket, phone, cards); it stays in the line meanwhile.
 *     nobody: Why nobody can answer now; None while somebody can.
 *     ticket: Its number, once it was chosen.
 *     calling_until: While a ticket is called back: when the librarian gives up.
 *     note: A line from a librarian to somebody who waits.
 *     preparing: Generations that are to be made ready while it rings, nothing being sent: one for each of the
 *         first seats that ring. The one whose seat accepts becomes `generation`.
 *     coming_back_until: The conversation is interrupted, and until then it can go on by itself; then the visit
 *         goes to the front of the line.
 */
export interface KioskVisit {
  id: string;
  state: VisitState;
  service_id: string;
  language: Language;
  place: number;
  returned: boolean;
  generation: number;
  librarian_name: string;
  seat_connected: boolean;
  opened_at: string;
  held_since: string | null;
  choices: boolean;
  nobody: Nobody | null;
  estimate: Estimate | null;
  ticket: number | null;
  calling_until: string | null;
  note: NotePhrase | null;
  guest: GuestView | null;
  /**
   * @maxItems 3
   */
  preparing: number[];
  coming_back_until: string | null;
}
/**
 * The organisation that runs the service. `country` (ISO 3166-1 alpha-2, or empty) is for public holidays.
 *
 * From `alert_quiet_from_min` to `alert_quiet_to_min` of the local day (past midnight if it ends before it begins;
 * never, when both are the same) alerts about kiosks wait.
 */
export interface LibraryForm {
  name: string;
  default_language: Language;
  time_zone: string;
  country: string;
  urgent_number: string;
  alert_quiet_from_min: number;
  alert_quiet_to_min: number;
}
/**
 * One open visit in the line or in a call, with nothing about the person.
 *
 * Attributes:
 *     ticket: Its number, if it waits to be called back.
 *     nobody: Nobody on duty can answer it (service or language).
 *     note: The line that was last sent to it.
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
  ticket: number | null;
  nobody: boolean;
  note: NotePhrase | null;
}
/**
 * Lock a kiosk with a text for visitors; without texts it says that it is being looked after.
 */
export interface LockForm {
  texts: {
    [k: string]: string;
  };
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
 * Whether calls of this installation can go through the relay. No relays: none is configured.
 *
 * Attributes:
 *     relay_always: The installation sends all media through it.
 *     relay_only_branches: Own branches that send all media through it.
 */
export interface NetworkView {
  relays: RelayRow[];
  relay_always: boolean;
  relay_only_branches: string[];
}
/**
 * One address of the relay, as the server itself found it.
 *
 * Attributes:
 *     url: As in the settings: `turn:` or `turns:`.
 *     finding: None until it was tried for the first time.
 *     since: Since when it has been so.
 *     checked_at: When it was tried last.
 */
export interface RelayRow {
  url: string;
  transport: RelayTransport;
  finding: RelayFinding | null;
  since: string | null;
  checked_at: string | null;
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
 *
 * Attributes:
 *     answers_for: Name of the library or branch that this seat answers for as backup or neighbour; else empty.
 *     branch_notes: What a librarian elsewhere should know of the branch.
 *     asked_by: With a ring to join: the colleague who asks.
 *     generation: Of the path to the kiosk that is made ready while it rings; 0: none is.
 *     kiosk_key: The key of the kiosk at its other end; empty with none.
 */
export interface OfferView {
  id: string;
  visit_id: string;
  kind: OfferKind;
  branch_name: string;
  kiosk_name: string;
  service_id: string;
  language: Language;
  opened_at: string;
  returned: boolean;
  deadline: string;
  answers_for: string;
  branch_notes: string;
  ticket: number | null;
  asked_by: string;
  generation: number;
  kiosk_key: string | "";
}
/**
 * An account's one-time password, shown this once; the person chooses another at the next sign-in.
 */
export interface OneTimePassword {
  staff_id: string;
  password: string;
}
/**
 * Ask something of a kiosk.
 */
export interface OrderForm {
  kind: OrderKind;
}
/**
 * What became of an order: taken, done or failed.
 */
export interface OrderTold {
  order_id: string;
  state: OrderState;
  fault: OrderFault | null;
}
/**
 * The other seat in the same conversation.
 *
 * Attributes:
 *     generation: Number of the path between the two seats.
 *     offers: This end makes the SDP offer on that path.
 */
export interface OtherSeat {
  seat_id: string;
  name: string;
  generation: number;
  offers: boolean;
  connected: boolean;
}
/**
 * As kept now.
 *
 * Attributes:
 *     push: How many of this person's browsers take web push.
 *     push_available: This server can send web push.
 *     email_available: This server can send e-mail.
 */
export interface OwnSettings {
  languages: Language[];
  email: string;
  standby: boolean;
  alerts: boolean;
  push: number;
  push_available: boolean;
  email_available: boolean;
}
/**
 * What everybody decides for oneself: languages, and what one is told about.
 *
 * `standby`: when nobody is there to answer. `alerts`: when a kiosk needs somebody (for those who
 * may see the health page).
 */
export interface OwnSettingsForm {
  languages: Language[];
  email: string;
  standby: boolean;
  alerts: boolean;
}
/**
 * On duty and yet not rung.
 */
export interface Pause {
  reason: PauseReason;
  until: string | null;
}
/**
 * The PIN of a kiosk's service menu, which is kept as a hash; empty closes the menu. None that is guessed first.
 */
export interface PinForm {
  pin: string;
}
/**
 * A browser's push subscription, as the browser gave it (keys in base64url).
 */
export interface PushForm {
  endpoint: string;
  p256dh: string;
  auth: string;
}
/**
 * The server's VAPID public key (base64url), for the browser; empty when web push is off.
 */
export interface PushKey {
  key: string;
}
/**
 * One browser's push subscription.
 */
export interface PushRef {
  endpoint: string;
}
/**
 * It is kept, and kiosks are being told.
 */
export interface Saved {
  id: string;
  revision: string;
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
 * Stay on duty and do not ring here, until resumed or for some minutes.
 */
export interface SeatPause {
  reason: PauseReason;
  minutes: number | null;
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
 *
 * Attributes:
 *     silent: It has not answered for more than `SEAT_PROOF_AGE_S`, so it counts no more until its next click.
 *     asked_until: "Are you still there?" waits for a click until then; after that it is off duty.
 *     off_duty_cause: Why it is off duty, when that was not its own click.
 */
export interface SeatView {
  id: string;
  on_duty: boolean;
  sound: boolean;
  microphone: boolean;
  camera: boolean;
  silent: boolean;
  answerable: boolean;
  named: boolean;
  pause: Pause | null;
  asked_until: string | null;
  off_duty_cause: OffDutyCause | null;
  languages: Language[];
  wrap_up_until: string | null;
}
/**
 * What can be asked for. `tiers` in order; empty means everybody at once. `hours` None means always.
 */
export interface ServiceForm {
  names: {
    [k: string]: string;
  };
  languages: Language[];
  priority: number;
  offer_policy: OfferPolicy;
  ring_timeout_s: number | null;
  choice_after_s: number;
  /**
   * @maxItems 8
   */
  tiers: TierForm[];
  hours: HoursForm | null;
}
/**
 * An account. The login stays as it was made. `alerts`: the person is told when a kiosk needs somebody.
 */
export interface StaffForm {
  name: string;
  login: string;
  roles: Role[];
  languages: Language[];
  email: string;
  standby: boolean;
  alerts: boolean;
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
 *
 * Attributes:
 *     generation: Number of the path between the kiosk and this seat.
 *     guest: This seat was brought in: it may talk, write, and leave, and does not hold or end the visit.
 *     other: The other seat in the conversation.
 *     asked: Name of the colleague who is being asked to join; empty when nobody is.
 *     calling_until: While a ticket is called back: when the call is given up.
 *     coming_back_until: The conversation is interrupted, and until then it can go on by itself; then the visit
 *         goes to the front of the line, or ends if the kiosk stays away.
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
  answers_for: string;
  ticket: number | null;
  calling_until: string | null;
  guest: boolean;
  other: OtherSeat | null;
  asked: string;
  coming_back_until: string | null;
}
/**
 * Staff members who answer together; they may be of another library in the same line.
 */
export interface TeamForm {
  name: string;
  members: string[];
}
/**
 * Real-time text: the whole line `entry` of its author as it stands now (EN 301 549, 6.2).
 *
 * The author numbers its lines from 1. The same entry sent again replaces the older one; `done` ends it.
 * `author` and `sender` (`kiosk`, or the seat's id) are set by the server when it passes the line on: with a
 * colleague in the conversation two seats write, each with its own numbers.
 */
export interface TextDraft {
  visit_id: string;
  entry: number;
  text: string;
  done: boolean;
  author: Party;
  sender: string;
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
 * Reply to `visit.ticket`: the number, unique on this day in this branch.
 */
export interface TicketTaken {
  ticket: number;
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
 * Ask a colleague into the conversation.
 */
export interface VisitInvite {
  visit_id: string;
  seat_id: string;
}
/**
 * The visitor changed the language of the screen during the visit.
 */
export interface VisitLanguage {
  visit_id: string;
  language: Language;
}
/**
 * A line to somebody who waits, without opening the call.
 */
export interface VisitNote {
  visit_id: string;
  phrase: NotePhrase;
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
  "visit.note": { payload: VisitNote; reply: Nothing };
  "visit.invite": { payload: VisitInvite; reply: Nothing };
  "visit.uninvite": { payload: VisitRef; reply: Nothing };
  "visit.flag": { payload: VisitRef; reply: Nothing };
  "kiosk.unlock": { payload: VisitRef; reply: Nothing };
  "visit.close_out": { payload: VisitCloseOut; reply: Nothing };
  "offer.accept": { payload: OfferRef; reply: OfferAccepted };
  "offer.decline": { payload: OfferRef; reply: Nothing };
  "seat.duty": { payload: SeatDuty; reply: Nothing };
  "seat.proof": { payload: SeatProof; reply: Nothing };
  "seat.named": { payload: SeatNamed; reply: Nothing };
  "seat.pause": { payload: SeatPause; reply: Nothing };
  "seat.resume": { payload: Nothing; reply: Nothing };
  "seat.sign": { payload: Nothing; reply: Nothing };
  "call.ice": { payload: CallIce; reply: IceServers };
  "call.connected": { payload: CallRef; reply: Nothing };
  "call.again": { payload: CallRef; reply: Nothing };
  "call.offer": { payload: CallOffer; reply: Nothing };
  "call.answer": { payload: CallAnswer; reply: Nothing };
  "call.candidate": { payload: CallCandidate; reply: Nothing };
  "call.media": { payload: CallMedia; reply: Nothing };
  "call.quality": { payload: CallQuality; reply: Nothing };
  "text.draft": { payload: TextDraft; reply: Nothing };
}

/** What the server sends to the console. */
export interface ToConsole {
  "call.offer": CallOffer;
  "call.answer": CallAnswer;
  "call.candidate": CallCandidate;
  "call.media": CallMedia;
  "text.draft": TextDraft;
  "text.history": TextHistory;
  "staff.snapshot": StaffSnapshot;
  "presence.ask": Nothing;
  "delta": Delta;
}

/** Fields of the views that are changed entry by entry. */
export const KEYED_FIELDS = ["cards","colleagues","line","services"] as const;

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
export const MAX_CARDS = 24;
export const MAX_CARD_CHARS = 2000;
export const MAX_NOTES_CHARS = 4000;
export const MAX_SEATS_SHOWN = 9;
export const SEAT_ASK_S = 5;
export const SEAT_PROOF_AGE_S = 15;
export const MAX_ORDERS = 8;
export const MAX_PREPARED = 3;
export const QUALITY_TOLD_EVERY_S = 20;
export const MIN_VIDEO_KBPS = 100;
export const MAX_VIDEO_KBPS = 8000;
export const DEFAULT_VIDEO_KBPS = 2500;
export const DEFAULT_VIDEO_START_KBPS = 900;
export const MIN_AUDIO_KBPS = 16;
export const MAX_AUDIO_KBPS = 128;
export const DEFAULT_AUDIO_KBPS = 48;
export const MESSAGES_PER_S = 30;
export const MESSAGES_BURST = 120;
export const FLOOD_LIMIT = 200;
