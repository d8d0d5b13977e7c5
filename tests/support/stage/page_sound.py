"""Mouth and ears in the console's page: chirps instead of its microphone, and what it plays, each with its time.

What it is for: mouth to ear. Times are monotonic milliseconds of this machine. What it does not do: know the product;
it replaces what `getUserMedia` gives and listens to what a video element plays.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Page

from kiosk.core.media import SAMPLE_RATE_HZ

_MOUTH = """
() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const mouth = { context: null, out: null, mixer: null, ahead: -Infinity, said: [] };
  globalThis.mouth = mouth;
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await real(wanted);
    if (!wanted || !wanted.audio) return stream;
    if (!mouth.context) {
      mouth.context = new AudioContext({ sampleRate: 48000, latencyHint: "interactive" });
      mouth.mixer = new GainNode(mouth.context, { gain: 1 });
    }
    await mouth.context.resume();
    const [microphone] = stream.getAudioTracks();
    const settings = microphone.getSettings();
    const label = microphone.label;
    // A destination of its own for each who asks: one of them may stop its track.
    const out = new MediaStreamAudioDestinationNode(mouth.context, { channelCount: 1 });
    mouth.context.createMediaStreamSource(new MediaStream([microphone])).connect(mouth.mixer);
    mouth.mixer.connect(out);
    (mouth.outs ??= []).push(out);
    const [track] = out.stream.getAudioTracks();
    Object.defineProperty(track, "getSettings", { value: () => settings });
    Object.defineProperty(track, "label", { value: label });
    stream.removeTrack(microphone);
    stream.addTrack(track);
    return stream;
  };
}
"""
_SAY = """
async ([samples, every, count]) => {
  const { context, outs, mixer } = globalThis.mouth;
  mixer.gain.value = 0;
  const buffer = context.createBuffer(1, samples.length, 48000);
  buffer.copyToChannel(Float32Array.from(samples, (sample) => sample / 32768), 0);
  const first = context.currentTime + 1;
  for (let i = 0; i < count; i += 1) {
    const source = new AudioBufferSourceNode(context, { buffer });
    for (const out of outs) source.connect(out);
    source.start(first + i * every);
    globalThis.mouth.said.push(first + i * every);
  }
  // The context renders ahead by what it chooses; its most advanced moment says when a sample leaves it.
  globalThis.mouth.timer = setInterval(() => {
    globalThis.mouth.ahead = Math.max(globalThis.mouth.ahead, context.currentTime * 1000 - globalThis.stage.clock());
  }, 7);
}
"""
_SAID = """
() => {
  clearInterval(globalThis.mouth.timer);
  return globalThis.mouth.said.map((at) => at * 1000 - globalThis.mouth.ahead);
}
"""
# An AudioWorklet would need a script that the console's content policy does not allow. A ScriptProcessorNode says
# imprecisely which moment of the context its input was, so a single loud sample at a known moment goes beside.
_LISTEN = """
async (testid) => {
  const video = document.querySelector(`[data-testid="${testid}"]`);
  const context = new AudioContext({ sampleRate: 48000, latencyHint: "interactive" });
  await context.resume();
  const node = context.createScriptProcessor(8192, 2, 1);
  const both = new ChannelMergerNode(context, { numberOfInputs: 2 });
  context.createMediaStreamSource(new MediaStream(video.srcObject.getAudioTracks())).connect(both, 0, 0);
  const click = context.createBuffer(1, 1, 48000);
  click.getChannelData(0)[0] = 1;
  const clicks = new AudioBufferSourceNode(context, { buffer: click });
  clicks.connect(both, 0, 1);
  both.connect(node).connect(new GainNode(context, { gain: 0 })).connect(context.destination);
  const ears = { context, chunks: [], stamps: [], clickAt: Math.round((context.currentTime + 1) * 48000), frame: null };
  clicks.start(ears.clickAt / 48000);
  node.onaudioprocess = ({ playbackTime, inputBuffer }) => {
    const frame = Math.round(playbackTime * 48000);
    const sound = Int16Array.from(inputBuffer.getChannelData(0), (x) => Math.max(-32767, Math.min(32767, x * 32768)));
    const clicked = inputBuffer.getChannelData(1).findIndex((x) => x > 0.5);
    if (clicked >= 0) ears.late = frame + clicked - ears.clickAt;
    ears.chunks.push([frame, sound]);
  };
  // When the device plays a moment of the context, on this machine's clock.
  ears.timer = setInterval(() => {
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    const late = globalThis.stage.clock() - performance.now();
    if (contextTime > 0) ears.stamps.push(performanceTime + late - contextTime * 1000);
  }, 50);
  globalThis.ears = ears;
}
"""
_HEARD = """
async () => {
  const { context, chunks, stamps, timer, late } = globalThis.ears;
  clearInterval(timer);
  const latency = context.outputLatency * 1000;
  await context.close();
  if (late === undefined) return null;
  const first = chunks[0][0];
  const last = chunks.at(-1);
  const all = new Int16Array(last[0] + last[1].length - first);
  for (const [frame, sound] of chunks) all.set(sound, frame - first);
  const bytes = new Uint8Array(all.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  stamps.sort((a, b) => a - b);
  return { sound: btoa(text), first: first - late, played: stamps[Math.floor(stamps.length / 2)], latency };
}
"""


@dataclass(frozen=True, slots=True)
class Played:
    """What the page played.

    Attributes:
        samples: Mono at 48 kHz.
        first_ms: When the first of them left the loudspeaker, by the browser's own account (monotonic ms).
        output_latency_ms: What of that account is the output device.
    """

    samples: NDArray[np.int16]
    first_ms: float
    output_latency_ms: float

    def moment_of(self, sample: int) -> float:
        """When a sample was heard (monotonic ms)."""
        return self.first_ms + sample * 1000 / SAMPLE_RATE_HZ


async def give_mouth(page: Page) -> None:
    """Put a mouth between the microphone and whoever asks for it from now on; at first it passes the microphone."""
    await page.evaluate(_MOUTH)


async def say(page: Page, samples: NDArray[np.int16], every_s: float, count: int) -> None:
    """Say something again and again instead of what the microphone hears."""
    await page.evaluate(_SAY, [samples.tolist(), every_s, count])


async def said(page: Page) -> list[float]:
    """When each of them was said (monotonic ms)."""
    moments: list[float] = await page.evaluate(_SAID)
    return moments


async def listen(page: Page, video: str = "visitor-video") -> None:
    """Begin to note what a video element plays."""
    await page.evaluate(_LISTEN, video)


async def heard(page: Page) -> Played | None:
    """End it; what was played, None for nothing."""
    found: dict[str, Any] | None = await page.evaluate(_HEARD)
    if found is None:
        return None
    samples = np.frombuffer(base64.b64decode(found["sound"]), "<i2")
    return Played(samples, found["played"] + found["first"] * 1000 / SAMPLE_RATE_HZ, found["latency"])
