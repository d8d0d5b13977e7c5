// Microphone and camera of this page: opened once for the check, kept while on duty, so that accepting needs no wait.
import type { DeviceCondition } from "../protocol/messages";

export type InputKind = "microphone" | "camera";
export type InputCondition = DeviceCondition | "blocked";

export interface InputState {
  readonly condition: InputCondition;
  readonly track: MediaStreamTrack | null;
  /** Id of the device in use, or of the one that was asked for. */
  readonly chosen: string;
}

export interface DeviceEntry {
  readonly id: string;
  readonly label: string;
}

export interface DeviceLists {
  readonly microphone: readonly DeviceEntry[];
  readonly camera: readonly DeviceEntry[];
  readonly loudspeaker: readonly DeviceEntry[];
}

export interface Devices {
  readonly state: Readonly<Record<InputKind, InputState>>;
  readonly lists: DeviceLists;
  /** Look whether what was open still is; a page that was frozen may have missed that it ended. */
  look(): void;
  /** Open what is not open. Never throws: what failed is in the state. */
  open(kinds?: readonly InputKind[]): Promise<void>;
  choose(kind: InputKind, id: string): Promise<void>;
  /** Close both: the camera's light goes out. */
  close(): void;
}

const SOUND: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};
const PICTURE: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
  facingMode: "user",
};
const CLOSED: InputState = { condition: "closed", track: null, chosen: "" };

export function createDevices(media: MediaDevices, changed: () => void): Devices {
  const state: Record<InputKind, InputState> = { microphone: CLOSED, camera: CLOSED };
  let lists: DeviceLists = { microphone: [], camera: [], loudspeaker: [] };

  function set(kind: InputKind, next: InputState): void {
    state[kind] = next;
    changed();
  }

  async function list(): Promise<void> {
    const all = await media.enumerateDevices();
    const of = (kind: MediaDeviceKind) =>
      all
        .filter((device) => device.kind === kind && device.deviceId !== "")
        .map(({ deviceId, label }) => ({ id: deviceId, label }));
    lists = { microphone: of("audioinput"), camera: of("videoinput"), loudspeaker: of("audiooutput") };
    changed();
  }

  function constraints(kind: InputKind): MediaTrackConstraints {
    const wish = state[kind].chosen;
    return {
      ...(kind === "microphone" ? SOUND : PICTURE),
      ...(wish === "" ? {} : { deviceId: { ideal: wish } }),
    };
  }

  async function openOne(kind: InputKind): Promise<void> {
    try {
      const asked = constraints(kind);
      const stream = await media.getUserMedia(kind === "microphone" ? { audio: asked } : { video: asked });
      for (const track of stream.getTracks()) use(kind, track);
    } catch (error) {
      state[kind].track?.stop();
      set(kind, { ...state[kind], condition: conditionFor(error), track: null });
    }
  }

  /** Both in one request, so that the browser asks once. False when that cannot be had. */
  async function openBoth(): Promise<boolean> {
    try {
      const stream = await media.getUserMedia({
        audio: constraints("microphone"),
        video: constraints("camera"),
      });
      for (const track of stream.getAudioTracks()) use("microphone", track);
      for (const track of stream.getVideoTracks()) use("camera", track);
      return true;
    } catch {
      // One of them is missing or was refused; asked for one by one, each says what is wrong with it.
      return false;
    }
  }

  function use(kind: InputKind, track: MediaStreamTrack): void {
    const before = state[kind].track;
    if (kind === "camera") track.contentHint = "motion";
    const chosen = track.getSettings().deviceId ?? "";
    // "ended" comes only from outside: unplugged, taken back, or the driver gave up.
    track.onended = () => {
      if (state[kind].track === track) set(kind, { condition: "missing", track: null, chosen });
    };
    track.onmute = track.onunmute = () => {
      if (state[kind].track === track)
        set(kind, { ...state[kind], condition: track.muted ? "failed" : "ok" });
    };
    set(kind, { condition: track.muted ? "failed" : "ok", track, chosen });
    before?.stop();
  }

  async function open(kinds: readonly InputKind[] = ["microphone", "camera"]): Promise<void> {
    const closed = kinds.filter((kind) => state[kind].track === null);
    if (closed.length < 2 || !(await openBoth())) await Promise.all(closed.map(openOne));
    await list();
  }

  media.addEventListener("devicechange", () => {
    void list().then(() => {
      // What was lost while in use comes back by itself when it is plugged in again.
      const back = (["microphone", "camera"] as const).filter(
        (kind) => state[kind].condition === "missing" && lists[kind].length > 0,
      );
      return back.length > 0 ? open(back) : undefined;
    });
  });

  return {
    get state() {
      return state;
    },
    get lists() {
      return lists;
    },
    look() {
      for (const kind of ["microphone", "camera"] as const) {
        const { track, chosen } = state[kind];
        if (track?.readyState === "ended") set(kind, { condition: "missing", track: null, chosen });
      }
    },
    open,
    async choose(kind, id) {
      state[kind] = { ...state[kind], chosen: id };
      await openOne(kind);
      await list();
    },
    close() {
      for (const kind of ["microphone", "camera"] as const) {
        state[kind].track?.stop();
        state[kind] = { ...CLOSED, chosen: state[kind].chosen };
      }
      changed();
    },
  };
}

/** The names are getUserMedia's; see the Media Capture specification, 10.2. */
function conditionFor(error: unknown): InputCondition {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "blocked";
  return name === "NotFoundError" ? "missing" : "failed";
}
