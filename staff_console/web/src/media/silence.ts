// A track of nothing but silence. It goes out while we are muted, held or without a microphone, so that sound packets
// never stop: no sound for two seconds then means one thing only, a path that is dead.
//
// Measured in Chromium: a destination with nothing connected sends no packet at all; with a constant zero it sends 50
// a second with no energy in them, in a background tab too. It runs without a click as soon as the page uses a
// microphone or a camera; before that it is given out, and silent in both ways.

export interface Silence {
  track(): MediaStreamTrack;
  /** Packets of it go out; before the first click, without any device in use, they do not. */
  running(): boolean;
}

export function createSilence(makeContext: () => AudioContext = silentContext): Silence {
  let context: AudioContext | null = null;
  let track: MediaStreamTrack | null = null;

  function make(on: AudioContext): MediaStreamTrack {
    const nothing = on.createConstantSource();
    nothing.offset.value = 0;
    const destination = on.createMediaStreamDestination();
    nothing.connect(destination);
    nothing.start();
    return destination.stream.getAudioTracks()[0] as MediaStreamTrack;
  }

  return {
    track() {
      context ??= makeContext();
      // What was refused before a click is granted after one; asked each time, because nobody tells.
      if (context.state !== "running") void context.resume().catch(() => {});
      track ??= make(context);
      return track;
    },
    running: () => context?.state === "running",
  };
}

/** A context that opens no loudspeaker, where the browser knows such a thing. */
function silentContext(): AudioContext {
  const options: AudioContextOptions & { sinkId?: { type: "none" } } = { sinkId: { type: "none" } };
  return new AudioContext(options);
}
