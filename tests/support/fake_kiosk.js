// The kiosk's end of a call, in a page of its own: a moving picture, a tone, an Ed25519 key; or another seat's end. For
// tests of the console; `fakeKiosk` is called by the test.
window.fakeKiosk = (() => {
  // Connections by their generation; `connection` is the newest.
  const state = { connection: null, connections: new Map(), candidates: new Map(), keys: null, still: null };

  function picture() {
    // Small and slow: what matters here is that a picture comes, and each one is coded and decoded on the same two cores.
    const canvas = document.createElement("canvas");
    canvas.width = 320;
    canvas.height = 180;
    const context = canvas.getContext("2d");
    let frame = 0;
    setInterval(() => {
      frame += 1;
      if (state.still) {
        if (canvas.width !== 1280) {
          canvas.width = 1280;
          canvas.height = 720;
        }
        context.drawImage(state.still, 0, 0, 1280, 720);
        return;
      }
      context.fillStyle = `hsl(${(frame * 3) % 360} 60% 45%)`;
      context.fillRect(0, 0, 320, 180);
      context.fillStyle = "white";
      context.fillRect((frame * 5) % 295, 78, 25, 25);
    }, 100);
    return canvas.captureStream(10);
  }

  function tone() {
    const context = new AudioContext();
    const oscillator = context.createOscillator();
    const target = context.createMediaStreamDestination();
    oscillator.connect(target);
    oscillator.start();
    return target.stream;
  }

  /** A new connection; the ones before it end with it, unless they are to be kept. */
  function connect(generation, keep) {
    if (!keep) for (const one of state.connections.values()) one.close();
    const found = [];
    state.candidates.set(generation, found);
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    state.connections.set(generation, connection);
    state.connection = connection;
    connection.onicecandidate = ({ candidate }) => {
      found.push({
        candidate: candidate?.candidate ?? "",
        sdp_mid: candidate?.sdpMid ?? null,
        sdp_m_line_index: candidate?.sdpMLineIndex ?? null,
      });
    };
    // What comes is played: only then is its loudness known.
    connection.ontrack = ({ track }) => {
      const player = document.createElement(track.kind);
      player.srcObject = new MediaStream([track]);
      player.autoplay = true;
      document.body?.append(player);
    };
    return connection;
  }

  const of = (generation) => state.connections.get(generation) ?? state.connection;

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
    /** `ready`: with nothing on it until `attach`. `keep`: beside what there is. */
    async offer(visitId, generation, context, { ready = false, keep = false } = {}) {
      const connection = connect(generation, keep);
      if (ready) for (const kind of ["audio", "video"]) connection.addTransceiver(kind, { direction: "sendrecv" });
      else give(connection);
      await connection.setLocalDescription();
      const sdp = connection.localDescription.sdp;
      const fingerprint = /a=fingerprint:(\S+ \S+)/.exec(sdp)[1];
      const signed = [context, visitId, String(generation), fingerprint].join("\n");
      const signature = await crypto.subtle.sign("Ed25519", state.keys.privateKey, new TextEncoder().encode(signed));
      return { visit_id: visitId, generation, sdp, fingerprint, signature: text(signature) };
    },
    /** Picture and sound go out on a path that was made ready. */
    async attach(generation) {
      const tracks = [...tone().getTracks(), ...picture().getTracks()];
      for (const { sender, receiver } of of(generation).getTransceivers()) {
        await sender.replaceTrack(tracks.find(({ kind }) => kind === receiver.track.kind));
      }
    },
    /** Nothing goes out any more, as if a cable had been cut; the connection knows nothing of it. */
    async mute(generation) {
      for (const sender of of(generation).getSenders()) await sender.replaceTrack(null);
    },
    /** As another seat: take an offer, and give the answer's SDP. */
    async take(sdp) {
      const connection = connect(0, false);
      await connection.setRemoteDescription({ type: "offer", sdp });
      give(connection);
      await connection.setLocalDescription();
      return connection.localDescription.sdp;
    },
    async answer(sdp, generation) {
      await of(generation).setRemoteDescription({ type: "answer", sdp });
    },
    async candidate({ candidate, sdp_mid, sdp_m_line_index }, generation) {
      if (candidate === "" || of(generation).signalingState === "closed") return;
      await of(generation).addIceCandidate({ candidate, sdpMid: sdp_mid, sdpMLineIndex: sdp_m_line_index });
    },
    async show(jpeg) {
      const bytes = Uint8Array.from(atob(jpeg), (char) => char.charCodeAt(0));
      state.still = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
    },
    takeCandidates: (generation) =>
      (state.candidates.get(generation) ?? [...state.candidates.values()].at(-1) ?? []).splice(0),
    state: (generation) => of(generation).connectionState,
    close: (generation) => of(generation).close(),
    /**
     * What has been received so far: bytes and packets of sound, its loudness summed up, bytes of picture, frames, and
     * the picture's width.
     */
    async received(generation) {
      const figures = { audio: 0, packets: 0, energy: 0, video: 0, width: 0, frames: 0 };
      for (const report of (await of(generation).getStats()).values()) {
        if (report.type !== "inbound-rtp") continue;
        figures[report.kind] = report.bytesReceived;
        if (report.kind === "video") {
          figures.width = report.frameWidth ?? 0;
          figures.frames = report.framesDecoded ?? 0;
        } else {
          figures.packets = report.packetsReceived;
          figures.energy = report.totalAudioEnergy ?? 0;
        }
      }
      return figures;
    },
  };
})();
