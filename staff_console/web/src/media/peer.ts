// One peer connection of one generation. A kiosk offers and this side answers; between two seats one of them offers.
// When it dies, a fresh one is made.
import type { CallCandidate, IceServers } from "../protocol/messages";

/** Enough for 720p30 of a face in VP8; more buys nothing that one sees. */
const VIDEO_MAX_BITRATE = 2_500_000;
/** And for one that is shown at a third of the size. */
const SMALL_MAX_BITRATE = 800_000;
/** Sent half as wide and high to whoever shows it at a third: a quarter of the work at both ends. */
const SMALL_SCALE = 2;
/** Chromium's estimate begins at 300 kbit/s and takes seconds to grow; where the other end has no wish, at this. */
const VIDEO_START_KBITS = 1_800;

/**
 * How long after the path is there the picture may not shrink. Before the first estimates are in, the encoder else
 * begins one or two sizes smaller and stays 640 to 960 wide for a quarter of a minute, although the path would carry
 * 1280 from the first frame (measured: 640 or 960 in 15 of 15 calls, against 1280 in 9 of 9).
 */
const FULL_SIZE_MS = 3_000;

export interface Outgoing {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
}

export interface PeerEvents {
  state(state: RTCPeerConnectionState): void;
  candidate(candidate: Pick<CallCandidate, "candidate" | "sdp_mid" | "sdp_m_line_index">): void;
  track(track: MediaStreamTrack): void;
}

export interface Peer {
  /** Take the other end's offer, attach what we send, and give the answer's SDP. */
  answer(offerSdp: string, outgoing: Outgoing): Promise<string>;
  /** Attach what we send, and give the offer's SDP. */
  offer(outgoing: Outgoing): Promise<string>;
  /** Take the other end's answer to our offer; a second one is not for us. */
  accept(answerSdp: string): Promise<void>;
  /** The other end shows us at a third (true), or as the one who is met (false). */
  shrink(small: boolean): void;
  addCandidate(candidate: CallCandidate): Promise<void>;
  /** Send these instead; null: nothing. */
  send(outgoing: Outgoing): Promise<void>;
  close(): void;
}

export function createPeer(ice: IceServers, events: PeerEvents): Peer {
  const connection = new RTCPeerConnection({
    iceServers: ice.servers.map(({ urls, username, credential }) => ({
      urls,
      ...(username === "" ? {} : { username, credential }),
    })),
    bundlePolicy: "max-bundle",
    iceTransportPolicy: ice.relay_only ? "relay" : "all",
  });
  // One stream for both: the other end keeps lips and voice together by it.
  const stream = new MediaStream();
  const early: CallCandidate[] = [];
  let settling: ReturnType<typeof setTimeout> | undefined;
  let small = false;
  let preference: RTCDegradationPreference = "maintain-resolution";

  connection.onconnectionstatechange = () => {
    events.state(connection.connectionState);
    if (connection.connectionState !== "connected" || settling !== undefined) return;
    // From then on: fewer pixels are better than a stutter, when the path is poor. It is a face.
    settling = setTimeout(() => {
      preference = "maintain-framerate";
      void tune();
    }, FULL_SIZE_MS);
  };
  connection.ontrack = ({ track }) => events.track(track);
  connection.onicecandidate = ({ candidate }) => {
    events.candidate({
      candidate: candidate?.candidate ?? "",
      sdp_mid: candidate?.sdpMid ?? null,
      sdp_m_line_index: candidate?.sdpMLineIndex ?? null,
    });
  };

  async function add(candidate: CallCandidate): Promise<void> {
    if (candidate.candidate === "") {
      await connection.addIceCandidate();
      return;
    }
    await connection.addIceCandidate({
      candidate: candidate.candidate,
      sdpMid: candidate.sdp_mid,
      sdpMLineIndex: candidate.sdp_m_line_index,
    });
  }

  function sender(kind: "audio" | "video"): RTCRtpSender | null {
    const found = connection.getTransceivers().find((one) => one.receiver.track.kind === kind);
    return found?.sender ?? null;
  }

  const tune = () => tuneVideo(sender("video"), preference, small);

  async function send(outgoing: Outgoing): Promise<void> {
    await Promise.all([
      sender("audio")?.replaceTrack(outgoing.audio),
      sender("video")?.replaceTrack(outgoing.video),
    ]);
  }

  return {
    async answer(offerSdp, outgoing) {
      await connection.setRemoteDescription({ type: "offer", sdp: withStartBitrate(offerSdp) });
      for (const transceiver of connection.getTransceivers()) {
        // Both ways even when there is nothing to send yet: a camera that comes later needs no new negotiation.
        transceiver.direction = "sendrecv";
        transceiver.sender.setStreams(stream);
      }
      await send(outgoing);
      await connection.setLocalDescription();
      await tune();
      for (const candidate of early.splice(0)) await add(candidate);
      return connection.localDescription?.sdp ?? "";
    },
    async offer(outgoing) {
      for (const kind of ["audio", "video"] as const) {
        connection.addTransceiver(kind, { direction: "sendrecv", streams: [stream] });
      }
      await send(outgoing);
      await connection.setLocalDescription();
      return connection.localDescription?.sdp ?? "";
    },
    async accept(answerSdp) {
      if (connection.signalingState !== "have-local-offer") return;
      await connection.setRemoteDescription({ type: "answer", sdp: withStartBitrate(answerSdp) });
      await tune();
      for (const candidate of early.splice(0)) await add(candidate);
    },
    shrink(wanted) {
      if (wanted === small) return;
      small = wanted;
      if (connection.remoteDescription !== null) void tune();
    },
    async addCandidate(candidate) {
      if (connection.signalingState === "closed") return;
      if (connection.remoteDescription === null) early.push(candidate);
      else await add(candidate);
    },
    send,
    close() {
      clearTimeout(settling);
      connection.onconnectionstatechange = null;
      connection.ontrack = null;
      connection.onicecandidate = null;
      connection.close();
    },
  };
}

async function tuneVideo(
  sender: RTCRtpSender | null,
  preference: RTCDegradationPreference,
  small: boolean,
): Promise<void> {
  if (sender === null) return;
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (encoding === undefined) return;
  encoding.maxBitrate = small ? SMALL_MAX_BITRATE : VIDEO_MAX_BITRATE;
  encoding.scaleResolutionDownBy = small ? SMALL_SCALE : 1;
  parameters.degradationPreference = preference;
  // A browser that will not have it sends as it sees fit: no reason to lose the call.
  await sender.setParameters(parameters).catch(() => {});
}

/**
 * Let the first estimate of the path be a good one.
 *
 * Chromium reads `x-google-start-bitrate` from the format parameters of the codec that the *other* end offers.
 * Congestion control still goes down at once where the path cannot carry it.
 */
export function withStartBitrate(sdp: string): string {
  const lines = sdp.split("\r\n");
  const vp8 = new Set(lines.flatMap((line) => /^a=rtpmap:(\d+) VP8\/90000/i.exec(line)?.[1] ?? []));
  const wish = `x-google-start-bitrate=${VIDEO_START_KBITS}`;
  const seen = new Set<string>();
  const marked = lines.map((line) => {
    const payload = /^a=fmtp:(\d+) /.exec(line)?.[1];
    if (payload === undefined || !vp8.has(payload)) return line;
    seen.add(payload);
    return line.includes("x-google-start-bitrate") ? line : `${line};${wish}`;
  });
  return marked
    .flatMap((line) => {
      const payload = /^a=rtpmap:(\d+) VP8\/90000/i.exec(line)?.[1];
      return payload !== undefined && !seen.has(payload) ? [line, `a=fmtp:${payload} ${wish}`] : [line];
    })
    .join("\r\n");
}
