// The answering side of a call in a page: a camera with the picture clock, a microphone that is a tone, eyes and ears.
// Needs picture_clock.js; gives one global, `answerer`.
(() => {
  // With `prepared` set nothing is attached until `attach()`.
  const answerer = { candidates: [], seen: [], states: [], prepared: false };

  answerer.start = (offset, toneHz) => {
    const clock = () => performance.now() + offset;
    const connection = new RTCPeerConnection({ iceServers: [], bundlePolicy: "max-bundle" });
    answerer.connection = connection;
    connection.onicecandidate = (e) => answerer.candidates.push(e.candidate ? e.candidate.toJSON() : null);

    const video = document.createElement("video");
    video.autoplay = true;
    video.muted = true;
    video.srcObject = new MediaStream();
    document.body.append(video);
    answerer.seen = pictureClock.watch(video, clock);
    video.requestVideoFrameCallback(() => {
      answerer.firstShown = clock();
    });

    const sound = new AudioContext({ sampleRate: 48000 });
    const ears = sound.createAnalyser();
    ears.fftSize = 16384;
    ears.smoothingTimeConstant = 0;
    const oscillator = sound.createOscillator();
    oscillator.frequency.value = toneHz;
    const soft = sound.createGain();
    soft.gain.value = 0.3;
    const microphone = sound.createMediaStreamDestination();
    oscillator.connect(soft).connect(microphone);
    oscillator.start();

    connection.ontrack = (e) => {
      video.srcObject.addTrack(e.track);
      if (e.track.kind === "audio") sound.createMediaStreamSource(new MediaStream([e.track])).connect(ears);
    };
    const camera = pictureClock.camera(1280, 720, 30, clock);
    // Returns when it was asked to, on the machine's clock.
    answerer.attach = async () => {
      const at = clock();
      const [audio, picture] = connection.getTransceivers();
      await Promise.all([
        audio.sender.replaceTrack(microphone.stream.getAudioTracks()[0]),
        picture.sender.replaceTrack(camera),
      ]);
      return at;
    };
    connection.onconnectionstatechange = async () => {
      answerer.states.push(connection.connectionState);
      if (connection.connectionState !== "connected" || answerer.sending || answerer.prepared) return;
      answerer.sending = true;
      await answerer.attach();
    };

    answerer.shareOf = (wantedHz) => {
      const levels = new Float32Array(ears.frequencyBinCount);
      ears.getFloatFrequencyData(levels);
      const powers = Array.from(levels, (db) => 10 ** (db / 10));
      const bin = (wantedHz * ears.fftSize) / sound.sampleRate;
      const all = powers.reduce((a, b) => a + b, 0);
      const near = powers.slice(Math.floor(bin) - 4, Math.ceil(bin) + 5).reduce((a, b) => a + b, 0);
      return all < 1e-9 ? 0 : near / all;
    };
  };

  answerer.answer = async (offer) => {
    await answerer.connection.setRemoteDescription({ type: "offer", sdp: offer });
    for (const transceiver of answerer.connection.getTransceivers()) transceiver.direction = "sendrecv";
    await answerer.connection.setLocalDescription();
    return answerer.connection.localDescription.sdp;
  };

  const stats = async () => [...(await answerer.connection.getStats()).values()];
  answerer.widthSent = async () =>
    (await stats()).find((s) => s.type === "outbound-rtp" && s.kind === "video")?.frameWidth ?? 0;
  answerer.remoteFingerprint = async () => {
    const all = await stats();
    const transport = all.find((s) => s.type === "transport");
    const certificate = all.find((s) => s.id === transport.remoteCertificateId);
    return `${certificate.fingerprintAlgorithm} ${certificate.fingerprint}`;
  };

  globalThis.answerer = answerer;
})();
