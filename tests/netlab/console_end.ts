// The console's own end of a lean pair: what it does to a connection, and what it does because of what it sees of one.
// Bundled by lean.py; gives page.js one global, `consoleEnd`.
import { type ConnectionDeps, createConnection } from "../../staff_console/web/src/main/connection";
import { NOTHING, type Outgoing } from "../../staff_console/web/src/media/peer";
import type { CallCandidate } from "../../staff_console/web/src/protocol/messages";
import { readStats } from "../../staff_console/web/src/state/stats";

interface Settings {
  readonly ice: readonly { urls: string[]; username?: string; credential?: string }[];
  readonly relayOnly: boolean;
  readonly startKbps: number;
  readonly maxKbps: number;
  readonly audioKbps: number;
}

interface Told {
  state(state: RTCPeerConnectionState): void;
  candidate(candidate: { candidate: string; sdpMid: string | null; sdpMLineIndex: number | null }): void;
  track(track: MediaStreamTrack): void;
}

/** One connection, as the console would have it in a call with one kiosk. */
function create(settings: Settings, told: Told) {
  const arrived = new Set<MediaStreamTrack>();
  const deps: ConnectionDeps = {
    link: {
      send: (async (type: string, message: CallCandidate) => {
        if (type !== "call.candidate" || message.candidate === "") return;
        const { candidate, sdp_mid: sdpMid, sdp_m_line_index: sdpMLineIndex } = message;
        told.candidate({ candidate, sdpMid, sdpMLineIndex });
      }) as ConnectionDeps["link"]["send"],
    },
    ice: {
      servers: settings.ice.map(({ urls, username = "", credential = "" }) => ({ urls, username, credential })),
      relay_only: settings.relayOnly,
      video_start_kbps: settings.startKbps,
      video_max_kbps: settings.maxKbps,
      audio_max_kbps: settings.audioKbps,
    },
    visitId: "lab",
    generation: 1,
    nowS: () => performance.now() / 1000,
    begunS: performance.now() / 1000,
    theirPicture: () => "moving",
    mayPause: true,
    path: told.state,
    arrived() {
      for (const track of connection.arriving.getTracks()) {
        if (arrived.has(track)) continue;
        arrived.add(track);
        told.track(track);
      }
    },
    looked() {},
  };
  const connection = createConnection(deps);
  return {
    answer: (sdp: string) => connection.peer.answer(sdp),
    add: ({ candidate, sdpMid, sdpMLineIndex }: RTCIceCandidateInit) =>
      connection.peer.addCandidate({
        visit_id: "lab",
        generation: 1,
        candidate: candidate ?? "",
        sdp_mid: sdpMid ?? null,
        sdp_m_line_index: sdpMLineIndex ?? null,
      }),
    send(outgoing: Outgoing = NOTHING) {
      connection.begin();
      connection.send(outgoing);
    },
    close: () => connection.close(),
    stats: async () => readStats(await connection.peer.stats()),
  };
}

Object.assign(globalThis, { consoleEnd: { create } });
