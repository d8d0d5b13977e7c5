// The kiosk's end of a call, in a page of its own: a moving picture, a tone, an Ed25519 key; or another seat's end. For
// tests of the console; `fakeKiosk` is called by the test.
window.fakeKiosk = (() => {
  const state = { connection: null, candidates: [], keys: null, received: null, still: null };

  function picture() {
    const canvas = document.createElement("canvas");
    canvas.width = 1280;
    canvas.height = 720;
    const context = canvas.getContext("2d");
    let frame = 0;
    setInterval(() => {
      frame += 1;
      if (state.still) {
        context.drawImage(state.still, 0, 0, 1280, 720);
        return;
      }
      context.fillStyle = `hsl(${frame % 360} 60% 45%)`;
      context.fillRect(0, 0, 1280, 720);
      context.fillStyle = "white";
      context.fillRect((frame * 7) % 1180, 310, 100, 100);
    }, 33);
    return canvas.captureStream(30);
  }

  function tone() {
    const context = new AudioContext();
    const oscillator = context.createOscillator();
    const target = context.createMediaStreamDestination();
    oscillator.connect(target);
    oscillator.start();
    return target.stream;
  }

  function connect() {
    state.connection?.close();
    state.candidates = [];
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    state.connection = connection;
    state.received = new MediaStream();
    connection.onicecandidate = ({ candidate }) => {
      state.candidates.push({
        candidate: candidate?.candidate ?? "",
        sdp_mid: candidate?.sdpMid ?? null,
        sdp_m_line_index: candidate?.sdpMLineIndex ?? null,
      });
    };
    connection.ontrack = ({ track }) => state.received.addTrack(track);
    return connection;
  }

  function give(connection) {
    for (const stream of [tone(), picture()]) {
      for (const track of stream.getTracks()) connection.addTrack(track, stream);
    }
  }

  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

  return {
    async key() {
      state.keys ??= await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
      return text(await crypto.subtle.exportKey("raw", state.keys.publicKey));
    },
    async offer(visitId, generation, context) {
      const connection = connect();
      give(connection);
      await connection.setLocalDescription();
      const sdp = connection.localDescription.sdp;
      const fingerprint = /a=fingerprint:(\S+ \S+)/.exec(sdp)[1];
      const signed = [context, visitId, String(generation), fingerprint].join("\n");
      const signature = await crypto.subtle.sign("Ed25519", state.keys.privateKey, new TextEncoder().encode(signed));
      return { visit_id: visitId, generation, sdp, fingerprint, signature: text(signature) };
    },
    /** As another seat: take an offer, and give the answer's SDP. */
    async take(sdp) {
      const connection = connect();
      await connection.setRemoteDescription({ type: "offer", sdp });
      give(connection);
      await connection.setLocalDescription();
      return connection.localDescription.sdp;
    },
    async answer(sdp) {
      await state.connection.setRemoteDescription({ type: "answer", sdp });
    },
    async candidate({ candidate, sdp_mid, sdp_m_line_index }) {
      if (candidate === "") return;
      await state.connection.addIceCandidate({ candidate, sdpMid: sdp_mid, sdpMLineIndex: sdp_m_line_index });
    },
    async show(jpeg) {
      const bytes = Uint8Array.from(atob(jpeg), (char) => char.charCodeAt(0));
      state.still = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
    },
    takeCandidates: () => state.candidates.splice(0),
    state: () => state.connection.connectionState,
    close: () => state.connection.close(),
    /** Bytes of sound and picture received so far, and the picture's width. */
    async received() {
      const figures = { audio: 0, video: 0, width: 0, frames: 0 };
      for (const report of (await state.connection.getStats()).values()) {
        if (report.type !== "inbound-rtp") continue;
        figures[report.kind] = report.bytesReceived;
        if (report.kind === "video") {
          figures.width = report.frameWidth ?? 0;
          figures.frames = report.framesDecoded ?? 0;
        }
      }
      return figures;
    },
  };
})();
