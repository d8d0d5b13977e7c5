// Microphone, camera and sound of this seat: what they are, whether they are proven, and what mends them.
import { createDevices, type InputKind, type InputState } from "../media/devices";
import { createLevelMeter } from "../media/level";
import { createRing, type Ring } from "../media/ring";
import type { ConsoleState, DeviceKind, DeviceState } from "../state/console";

/** The level is read this often; an eye sees no more. */
const LEVEL_MS = 80;
/** A microphone that gives not one sample for so long is switched off. */
const SILENT_AFTER_MS = 3_000;

export interface Equipment {
  readonly ring: Ring;
  /** What could be sent, whatever is wanted of it. */
  tracks(): { readonly audio: MediaStreamTrack | null; readonly video: MediaStreamTrack | null };
  /** From a click where there is one: wake the sound, open what is closed. */
  check(): Promise<void>;
  choose(kind: DeviceKind, id: string): Promise<void>;
  testRing(): Promise<void>;
  /** The page was asleep: look again at everything, and open what can be opened without a click. */
  wake(): Promise<void>;
  close(): void;
}

export function createEquipment(state: ConsoleState, media: MediaDevices, changed: () => void): Equipment {
  const ring = createRing(refresh);
  const devices = createDevices(media, refresh);
  const meter = createLevelMeter(() => ring.context() as AudioContext);
  let metered: MediaStreamTrack | null = null;
  let listeningSince = 0;
  let shownCamera: MediaStreamTrack | null = null;
  let loudspeaker = "";

  function refresh(): void {
    const { microphone, camera } = devices.state;
    if (ring.ready() && metered !== microphone.track) {
      metered = microphone.track;
      listeningSince = performance.now();
      meter.listen(metered);
    }
    if (shownCamera !== camera.track) {
      shownCamera = camera.track;
      state.ownPicture.value = shownCamera === null ? null : new MediaStream([shownCamera]);
    }
    state.microphone.value = shown("microphone", microphone, silent());
    state.camera.value = shown("camera", camera, false);
    state.loudspeaker.value = {
      condition: ring.context() === null ? "closed" : ring.ready() ? "ok" : "failed",
      chosen: loudspeaker,
      choices: devices.lists.loudspeaker,
    };
    const proof = {
      sound: ring.ready(),
      // Before sound is unlocked nothing can be heard of it either; then an open track is what we know.
      microphone: microphone.condition === "ok" && !silent() && (metered === null || meter.heard()),
      camera: camera.condition === "ok",
    };
    const before = state.proof.value;
    if (
      before.sound !== proof.sound ||
      before.microphone !== proof.microphone ||
      before.camera !== proof.camera
    ) {
      state.proof.value = proof;
    }
    changed();
  }

  function silent(): boolean {
    return metered !== null && !meter.heard() && performance.now() - listeningSince > SILENT_AFTER_MS;
  }

  function shown(kind: InputKind, input: InputState, isSilent: boolean): DeviceState {
    return {
      condition: isSilent && input.condition === "ok" ? "silent" : input.condition,
      chosen: input.chosen,
      choices: devices.lists[kind],
    };
  }

  setInterval(() => {
    if (metered === null) {
      state.level.value = 0;
      return;
    }
    const heardBefore = meter.heard();
    state.level.value = meter.read();
    if (heardBefore !== meter.heard() || (silent() && state.microphone.value.condition === "ok")) refresh();
  }, LEVEL_MS);

  async function check(): Promise<void> {
    // After a click sound may start at once. After a reload there was none, but a page that is using the
    // microphone may make sound in most browsers: so the microphone first.
    if (navigator.userActivation?.hasBeenActive ?? true) await Promise.all([ring.unlock(), devices.open()]);
    else await devices.open().then(ring.unlock);
    refresh();
  }

  return {
    ring,
    tracks: () => ({ audio: devices.state.microphone.track, video: devices.state.camera.track }),
    check,
    async wake() {
      devices.look();
      await check();
    },
    async choose(kind, id) {
      if (kind === "loudspeaker") {
        loudspeaker = id;
        await ring.useLoudspeaker(id).catch(() => {});
        refresh();
      } else {
        await devices.choose(kind, id);
      }
    },
    async testRing() {
      state.testRinging.value = true;
      await ring.test();
      state.testRinging.value = false;
    },
    close() {
      devices.close();
      refresh();
    },
  };
}
