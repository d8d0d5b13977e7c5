// One end of a lean pair in a page: a camera with the picture clock, a given sound, and a record of what is seen and
// heard. Needs picture_clock.js; gives one global, `end`; tells what happens through `tellLab`, which the player exposes.
(() => {
  const end = { seen: [], blocks: [], recordedFrom: null, trace: [] };
  /** How often it is noted what the path is thought to carry, and what goes. */
  const TRACED_MS = 500;
  const RECORDER = `
    registerProcessor("recorder", class extends AudioWorkletProcessor {
      process([input]) {
        if (input.length) this.port.postMessage(input[0].slice());
        return true;
      }
    });`;

  async function sound(base64) {
    const context = new AudioContext({ sampleRate: 48000 });
    await context.resume();
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const buffer = await context.decodeAudioData(bytes.buffer);
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    const microphone = context.createMediaStreamDestination();
    source.connect(microphone);
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([RECORDER], { type: "text/javascript" })));
    return { context, source, track: microphone.stream.getAudioTracks()[0] };
  }

  function record(context, track) {
    const recorder = new AudioWorkletNode(context, "recorder");
    recorder.port.onmessage = ({ data }) => {
      end.recordedFrom ??= end.clock();
      end.blocks.push(Int16Array.from(data, (x) => Math.max(-1, Math.min(1, x)) * 32767));
    };
    context.createMediaStreamSource(new MediaStream([track])).connect(recorder);
    // A node that leads nowhere is not run.
    recorder.connect(new GainNode(context, { gain: 0 })).connect(context.destination);
  }

  /** A connection as any page would make it. */
  function plainEnd({ ice, relayOnly, offers }, told) {
    const connection = new RTCPeerConnection({
      iceServers: ice,
      iceTransportPolicy: relayOnly ? "relay" : "all",
      bundlePolicy: "max-bundle",
    });
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) told.candidate(candidate.toJSON());
    };
    connection.ontrack = ({ track }) => told.track(track);
    connection.onconnectionstatechange = () => told.state(connection.connectionState);
    if (offers) {
      connection.addTransceiver("audio", { direction: "sendrecv" });
      const picture = connection.addTransceiver("video", { direction: "sendrecv" });
      const codecs = RTCRtpReceiver.getCapabilities("video").codecs;
      const wanted = ["video/VP8", "video/rtx"];
      picture.setCodecPreferences(
        wanted.flatMap((name) => codecs.filter((codec) => codec.mimeType.toLowerCase() === name.toLowerCase())),
      );
    }
    return {
      async offer() {
        await connection.setLocalDescription();
        return connection.localDescription.sdp;
      },
      async answer(sdp) {
        await connection.setRemoteDescription({ type: "offer", sdp });
        for (const transceiver of connection.getTransceivers()) transceiver.direction = "sendrecv";
        await connection.setLocalDescription();
        return connection.localDescription.sdp;
      },
      accept: (sdp) => connection.setRemoteDescription({ type: "answer", sdp }),
      add: (candidate) => connection.addIceCandidate(candidate),
      async send({ audio, video }) {
        const [sound, picture] = connection.getTransceivers();
        await sound.sender.replaceTrack(audio);
        await picture.sender.replaceTrack(video);
      },
      async stats() {
        const all = [...(await connection.getStats()).values()];
        const pair = all.find((one) => one.type === "candidate-pair" && one.availableOutgoingBitrate);
        const sent = all.find((one) => one.type === "outbound-rtp" && one.kind === "video");
        return { estimateKbps: (pair?.availableOutgoingBitrate ?? 0) / 1000, widthSent: sent?.frameWidth ?? 0 };
      },
    };
  }

  end.start = async (settings) => {
    end.clock = () => performance.now() + settings.offset;
    const heard = await sound(settings.wave);
    const video = document.createElement("video");
    video.autoplay = true;
    video.muted = true;
    video.srcObject = new MediaStream();
    document.body.append(video);
    const onFrame = () => {
      const at = end.clock();
      const value = pictureClock.read(video, video.videoWidth, video.videoHeight);
      end.seen.push([at, value === null ? null : ((Math.floor(at) >>> 0) - value) >>> 0, video.videoWidth]);
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
    const told = {
      candidate: (candidate) => tellLab({ candidate }),
      track(track) {
        video.srcObject.addTrack(track);
        if (track.kind === "audio") record(heard.context, track);
      },
      async state(state) {
        tellLab({ state, at: end.clock() });
        if (state !== "connected" || end.sending) return;
        end.sending = true;
        heard.source.start();
        await made.send({ audio: heard.track, video: pictureClock.camera(1280, 720, 30, end.clock) });
        setInterval(async () => {
          const { estimateKbps, widthSent } = await made.stats();
          end.trace.push([end.clock(), Math.round(estimateKbps ?? 0), widthSent]);
        }, TRACED_MS);
      },
    };
    const made = settings.asConsole ? consoleEnd.create(settings, told) : plainEnd(settings, told);
    Object.assign(end, { offer: made.offer, answer: made.answer, accept: made.accept, add: made.add });
  };

  end.heard = async () => {
    const all = new Int16Array(end.blocks.reduce((n, block) => n + block.length, 0));
    let at = 0;
    for (const block of end.blocks) {
      all.set(block, at);
      at += block.length;
    }
    const url = await new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsDataURL(new Blob([all]));
    });
    return { from: end.recordedFrom, samples: url.slice(url.indexOf(",") + 1) };
  };

  globalThis.end = end;
})();
