// The ring: made here, not loaded, and played by a looping buffer in the audio thread, so that no throttled timer
// of a background tab can silence it.

/** One round of the ring: two soft strokes and a rest. */
const ROUND_S = 3;
const VOLUME = 0.32;
/** Two notes a fourth apart, with a little of the octave: warm, and heard through a closed door. */
const STROKES = [
  { at: 0, hz: 587.33 },
  { at: 0.42, hz: 783.99 },
] as const;
const TEST_S = 1.6;

export interface Ring {
  /** From a click: wakes the sound. True when it plays. */
  unlock(): Promise<boolean>;
  /** Whether sound plays now. */
  ready(): boolean;
  start(): void;
  stop(): void;
  /** Two strokes, once. */
  test(): Promise<void>;
  /** Use this loudspeaker where the browser can choose; empty: the system's. */
  useLoudspeaker(id: string): Promise<void>;
  context(): AudioContext | null;
}

export function createRing(changed: () => void): Ring {
  let context: AudioContext | null = null;
  let round: AudioBuffer | null = null;
  let playing: AudioBufferSourceNode | null = null;
  let loudspeaker = "";
  /** It is to ring, and does as soon as sound is unlocked. */
  let wanted = false;

  function roundFor(source: AudioContext): AudioBuffer {
    round ??= ringRound(source);
    return round;
  }

  function play(source: AudioContext, loop: boolean): AudioBufferSourceNode {
    const node = source.createBufferSource();
    node.buffer = roundFor(source);
    node.loop = loop;
    node.connect(source.destination);
    node.start();
    return node;
  }

  const ring: Ring = {
    async unlock() {
      if (context === null) {
        const made = new AudioContext();
        made.onstatechange = changed;
        context = made;
        // Now, and not when it rings for the first time: 30 to 270 ms, in which the page showed no ring (measured).
        setTimeout(() => roundFor(made));
        if (loudspeaker !== "") await ring.useLoudspeaker(loudspeaker);
      }
      if (context.state !== "running") {
        // Without a click this promise may never settle; the state says what is so.
        await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 1000))]);
      }
      if (wanted) ring.start();
      changed();
      return ring.ready();
    },
    ready: () => context?.state === "running",
    start() {
      wanted = true;
      if (context === null || playing !== null) return;
      playing = play(context, true);
    },
    stop() {
      wanted = false;
      playing?.stop();
      playing = null;
    },
    async test() {
      if (context === null) return;
      const node = play(context, false);
      node.stop(context.currentTime + TEST_S);
      await new Promise((done) => {
        node.onended = done;
      });
    },
    async useLoudspeaker(id) {
      loudspeaker = id;
      const sink = context as (AudioContext & { setSinkId?: (id: string) => Promise<void> }) | null;
      await sink?.setSinkId?.(id);
    },
    context: () => context,
  };
  return ring;
}

/** One round as samples: bell-like strokes that fade, then silence. */
function ringRound(context: AudioContext): AudioBuffer {
  const rate = context.sampleRate;
  const buffer = context.createBuffer(1, Math.round(ROUND_S * rate), rate);
  const samples = buffer.getChannelData(0);
  for (const { at, hz } of STROKES) {
    const from = Math.round(at * rate);
    for (let i = from; i < samples.length; i++) {
      const t = (i - from) / rate;
      const envelope = Math.min(1, t / 0.008) * Math.exp(-3.2 * t);
      const wave = Math.sin(2 * Math.PI * hz * t) + 0.35 * Math.sin(4 * Math.PI * hz * t);
      samples[i] = (samples[i] ?? 0) + VOLUME * envelope * wave;
    }
  }
  return buffer;
}
