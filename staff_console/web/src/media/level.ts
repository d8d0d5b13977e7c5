// How loud the microphone is. The samples stay in this page; only one number comes out.

export interface LevelMeter {
  /** Listen to this track instead; null: to nothing. */
  listen(track: MediaStreamTrack | null): void;
  /** Loudness now, 0 to 1, on a scale that a voice fills. */
  read(): number;
  /** Whether any sample since `listen` was not digital silence: a microphone that is switched off gives only zeros. */
  heard(): boolean;
}

/** Where the meter begins and ends, in dB below full scale: a quiet room, and a raised voice. */
const FLOOR_DB = -60;
const CEILING_DB = -12;

export function createLevelMeter(context: () => AudioContext): LevelMeter {
  let source: MediaStreamAudioSourceNode | null = null;
  let analyser: AnalyserNode | null = null;
  let samples = new Float32Array(0);
  let anything = false;
  return {
    listen(track) {
      source?.disconnect();
      source = null;
      anything = false;
      if (track === null) return;
      const where = context();
      if (analyser?.context !== where) {
        analyser = where.createAnalyser();
        analyser.fftSize = 2048;
        samples = new Float32Array(analyser.fftSize);
      }
      source = where.createMediaStreamSource(new MediaStream([track]));
      source.connect(analyser);
    },
    read() {
      if (analyser === null || source === null) return 0;
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      const rms = Math.sqrt(sum / samples.length);
      if (rms > 0) anything = true;
      if (rms === 0) return 0;
      const db = 20 * Math.log10(rms);
      return Math.min(1, Math.max(0, (db - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
    },
    heard: () => anything,
  };
}
