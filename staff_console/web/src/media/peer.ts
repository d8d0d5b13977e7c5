// One peer connection of one generation. A kiosk offers and this side answers; between two seats one of them offers.
// When it dies, a fresh one is made.
import type { CallCandidate, IceServers, IceTrouble } from "../protocol/messages";
import { withLeastBitrate, withStartBitrate } from "./bitrates";
import { asAnswer, roleIn, withSoundCodec } from "./codec_order";
import { withoutRetransmission } from "./retransmission";
import { connectionClosed } from "./tidy";
import { createTroubleWatch } from "./trouble";

/** To one who shows it at a third of the size; more buys nothing that one sees. */
const SMALL_MAX_KBPS = 800;
/** Sent half as wide and high to whoever shows it at a third: a quarter of the work at both ends. */
const SMALL_SCALE = 2;
/** A camera that does not say how wide it is. */
const USUAL_WIDTH = 1280;

/**
 * The browser leaves size and rate as they are; `limit` says what the path carries. By itself it begins one or two sizes
 * smaller and stays 640 to 960 wide for a quarter of a minute although the path would carry 1280 from the first picture
 * (15 of 15 calls), and takes 21 to 27 s to come back to the first size when a thin path is wide again: it goes by how
 * the last pictures looked, and not by what there is room for.
 */
const PREFERENCE = "maintain-framerate-and-resolution";
/**
 * A path that is ready sends its first pictures half as wide and high, and the whole ones from so much later on. A whole
 * first picture is some nine times as large as those after it and takes 120 ms to leave, whatever the bitrate is: the
 * encoder makes it as large as it may.
 */
const FIRST_SCALE = 2;
const FIRST_LASTS_MS = 300;
/** While the picture is given up for the sound, one goes out this often, so that the last one is not too old. */
const STILL_EVERY_MS = 5_000;
/** The encoder is let run for so long for it: one or two pictures, the first a whole one. */
const STILL_LASTS_MS = 700;
const STILL_RATE = 2;
const STILL_MAX_KBPS = 60;

export interface Outgoing {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
}

export const NOTHING: Outgoing = { audio: null, video: null };

/** How much of the picture goes out; null: as the camera gives it. */
export interface Limits {
  readonly widthMax: number | null;
  readonly rateMax: number | null;
  /** One now and then. */
  readonly still: boolean;
}

export interface PeerEvents {
  state(state: RTCPeerConnectionState): void;
  candidate(candidate: Pick<CallCandidate, "candidate" | "sdp_mid" | "sdp_m_line_index">): void;
  track(track: MediaStreamTrack): void;
  /** Something may keep the path from being found; each is told once. */
  trouble(trouble: IceTrouble): void;
}

/** One entry of the browser's statistics. */
export type StatsEntry = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

export interface Peer {
  /** Take the other end's offer, and give the answer's SDP. */
  answer(offerSdp: string): Promise<string>;
  /** Give the offer's SDP. */
  offer(): Promise<string>;
  /** Take the other end's answer to our offer; a second one is not for us. */
  accept(answerSdp: string): Promise<void>;
  /** The other end shows us at a third (true), or as the one who is met (false). */
  shrink(small: boolean): void;
  /** Send no more of the picture than this. */
  limit(limits: Limits): void;
  /** Hold what is received back for so long, so that what was lost can come again; null: as the browser thinks best. */
  holdBack(milliseconds: number | null): void;
  /** Say each piece of sound twice (RFC 2198), or once. Both ends have agreed on both; which one is used the sender chooses. */
  sayTwice(twice: boolean): Promise<void>;
  /** Have the browser believe in so much at least, kbit/s; null: as it thinks best. */
  keepAbove(kbps: number | null): Promise<void>;
  addCandidate(candidate: CallCandidate): Promise<void>;
  /** Send these; null: nothing. Needs no new negotiation, so it may come long after the path is there. */
  send(outgoing: Outgoing): Promise<void>;
  stats(): Promise<readonly StatsEntry[]>;
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
  const trouble = createTroubleWatch(events.trouble);
  let stills: ReturnType<typeof setInterval> | undefined;
  let growing: ReturnType<typeof setTimeout> | undefined;
  /** Nothing was sent yet, or only just. */
  let first = true;
  /** A still is on its way; the encoder runs for it. */
  let showing = false;
  let small = false;
  let limits: Limits = { widthMax: null, rateMax: null, still: false };
  /** What the other end said of itself, as an answer would. */
  let theirs = "";
  /** Which way the sound is said. */
  let soundFirst: "red" | "opus" = "opus";
  /** Parameters are changed one after the other: two at once would refuse one another. */
  let tuning: Promise<void> = Promise.resolve();

  connection.onconnectionstatechange = () => {
    events.state(connection.connectionState);
    settle();
  };
  connection.ontrack = ({ track }) => events.track(track);
  connection.onicecandidate = ({ candidate }) => {
    trouble.candidate(candidate);
    events.candidate({
      candidate: candidate?.candidate ?? "",
      sdp_mid: candidate?.sdpMid ?? null,
      sdp_m_line_index: candidate?.sdpMLineIndex ?? null,
    });
  };
  connection.onicecandidateerror = ({ url, errorCode }) => trouble.error(url, errorCode);

  /** The first picture is on a path that is there: from so much later on it is whole. */
  function settle(): void {
    if (connection.connectionState !== "connected" || growing !== undefined) return;
    if (!sender("video")?.track) return; // made ready before the answer: there is nothing on it yet
    growing = setTimeout(() => {
      first = false;
      void tune();
    }, FIRST_LASTS_MS);
  }

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

  function tune(): Promise<void> {
    tuning = tuning.then(async () => {
      await change(sender("video"), (encoding, parameters) => {
        const width = sender("video")?.track?.getSettings().width ?? USUAL_WIDTH;
        const whole = Math.min(small ? width / SMALL_SCALE : width, limits.widthMax ?? width);
        const target = first ? Math.min(whole, width / FIRST_SCALE) : whole;
        const most = small ? Math.min(SMALL_MAX_KBPS, ice.video_max_kbps) : ice.video_max_kbps;
        encoding.active = !limits.still || showing;
        encoding.maxBitrate = (limits.still ? Math.min(STILL_MAX_KBPS, most) : most) * 1000;
        encoding.scaleResolutionDownBy = Math.max(1, width / target);
        const rate = limits.still ? STILL_RATE : limits.rateMax;
        if (rate === null) delete encoding.maxFramerate;
        else encoding.maxFramerate = rate;
        // A newer word of the standard than TypeScript's list of them.
        parameters.degradationPreference = PREFERENCE as RTCDegradationPreference;
      });
      await change(sender("audio"), (encoding) => {
        encoding.maxBitrate = ice.audio_max_kbps * 1000;
      });
    });
    return tuning;
  }

  /**
   * Put what was agreed on into another order: the browser sends by the first codec. The other end need not know, because
   * nothing of what it may get has changed; so this end offers to itself and answers in its name. What the picture was
   * given up for is not drowned by its lost packets.
   */
  async function describeAgain(): Promise<void> {
    const sound = connection.getTransceivers().find((one) => one.receiver.track.kind === "audio");
    const codecs = RTCRtpReceiver.getCapabilities("audio")?.codecs ?? [];
    const agreed = ["audio/red", "audio/opus"].flatMap((name) =>
      codecs.filter(({ mimeType }) => mimeType.toLowerCase() === name),
    );
    if (sound === undefined || theirs === "" || connection.signalingState !== "stable") return;
    sound.setCodecPreferences(soundFirst === "red" ? agreed : agreed.toReversed());
    await connection.setLocalDescription(await connection.createOffer());
    const pictures = limits.still ? withoutRetransmission(theirs) : theirs;
    const sdp = withSoundCodec(pictures, "red", soundFirst === "red" ? "first" : "last");
    await connection.setRemoteDescription({ type: "answer", sdp });
  }

  function showStill(): void {
    showing = true;
    void tune();
    setTimeout(() => {
      showing = false;
      if (stills !== undefined) void tune();
    }, STILL_LASTS_MS);
  }

  async function send(outgoing: Outgoing): Promise<void> {
    await Promise.all([
      sender("audio")?.replaceTrack(outgoing.audio),
      sender("video")?.replaceTrack(outgoing.video),
    ]);
    settle();
    // Another camera may be of another size.
    if (connection.remoteDescription !== null && outgoing.video !== null) await tune();
  }

  return {
    async answer(offerSdp) {
      const sdp = withStartBitrate(offerSdp, ice.video_start_kbps);
      await connection.setRemoteDescription({ type: "offer", sdp });
      for (const transceiver of connection.getTransceivers()) {
        // Both ways even when there is nothing to send yet: a camera that comes later needs no new negotiation.
        transceiver.direction = "sendrecv";
        transceiver.sender.setStreams(stream);
      }
      await connection.setLocalDescription();
      const answer = connection.localDescription?.sdp ?? "";
      theirs = withLeastBitrate(asAnswer(sdp, roleIn(answer)), null);
      await tune();
      for (const candidate of early.splice(0)) await add(candidate);
      return answer;
    },
    async offer() {
      for (const kind of ["audio", "video"] as const) {
        connection.addTransceiver(kind, { direction: "sendrecv", streams: [stream] });
      }
      await connection.setLocalDescription();
      return connection.localDescription?.sdp ?? "";
    },
    async accept(answerSdp) {
      if (connection.signalingState !== "have-local-offer") return;
      const sdp = withStartBitrate(answerSdp, ice.video_start_kbps);
      theirs = withLeastBitrate(sdp, null);
      await connection.setRemoteDescription({ type: "answer", sdp });
      await tune();
      for (const candidate of early.splice(0)) await add(candidate);
    },
    shrink(wanted) {
      if (wanted === small) return;
      small = wanted;
      if (connection.remoteDescription !== null) void tune();
    },
    limit(wanted) {
      const turned = wanted.still !== limits.still;
      limits = wanted;
      if (turned) tuning = tuning.then(describeAgain).catch(() => {});
      clearInterval(stills);
      stills = wanted.still ? setInterval(showStill, STILL_EVERY_MS) : undefined;
      void tune();
    },
    holdBack(milliseconds) {
      // The sound too, so that it is not heard before the picture is seen. A browser that knows no such wish ignores it.
      for (const receiver of connection.getReceivers()) receiver.jitterBufferTarget = milliseconds;
    },
    sayTwice(twice) {
      // A browser that will not have it goes on as it was: no reason to lose the call.
      tuning = tuning
        .then(() => {
          soundFirst = twice ? "red" : "opus";
          return describeAgain();
        })
        .catch(() => {});
      return tuning;
    },
    keepAbove(kbps) {
      tuning = tuning
        .then(() => {
          theirs = withLeastBitrate(theirs, kbps);
          return describeAgain();
        })
        .catch(() => {});
      return tuning;
    },
    async addCandidate(candidate) {
      if (connection.signalingState === "closed") return;
      if (connection.remoteDescription === null) early.push(candidate);
      else await add(candidate);
    },
    send,
    stats: async () => [...(await connection.getStats()).values()],
    close() {
      clearTimeout(growing);
      clearInterval(stills);
      connection.onconnectionstatechange = null;
      connection.ontrack = null;
      connection.onicecandidate = null;
      connection.onicecandidateerror = null;
      connection.close();
      connectionClosed();
    },
  };
}

/** Change how one sender encodes. A browser that will not have it sends as it sees fit: no reason to lose the call. */
async function change(
  sender: RTCRtpSender | null,
  edit: (encoding: RTCRtpEncodingParameters, parameters: RTCRtpSendParameters) => void,
): Promise<void> {
  const parameters = sender?.getParameters();
  const encoding = parameters?.encodings[0];
  if (sender === null || parameters === undefined || encoding === undefined) return;
  edit(encoding, parameters);
  await sender.setParameters(parameters).catch(() => {});
}
