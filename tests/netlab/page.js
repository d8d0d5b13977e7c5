// One end of a lean pair in a page: a camera with the picture clock, a given sound, and a record of what is seen and
// heard. Needs picture_clock.js; gives one global, `end`; tells what happens through `tellLab`, which the player exposes.
(() => {
  const end = { seen: [], blocks: [], recordedFrom: null };
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

  end.start = async ({ ice, relayOnly, offset, wave, offers }) => {
    end.clock = () => performance.now() + offset;
    const heard = await sound(wave);
    const connection = new RTCPeerConnection({
      iceServers: ice,
      iceTransportPolicy: relayOnly ? "relay" : "all",
      bundlePolicy: "max-bundle",
    });
    end.connection = connection;
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) tellLab({ candidate: candidate.toJSON() });
    };
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
    connection.ontrack = ({ track }) => {
      video.srcObject.addTrack(track);
      if (track.kind === "audio") record(heard.context, track);
    };
    connection.onconnectionstatechange = async () => {
      tellLab({ state: connection.connectionState, at: end.clock() });
      if (connection.connectionState !== "connected" || end.sending) return;
      end.sending = true;
      const [audio, picture] = connection.getTransceivers();
      heard.source.start();
      await audio.sender.replaceTrack(heard.track);
      await picture.sender.replaceTrack(pictureClock.camera(1280, 720, 30, end.clock));
    };
    if (offers) {
      connection.addTransceiver("audio", { direction: "sendrecv" });
      const picture = connection.addTransceiver("video", { direction: "sendrecv" });
      const codecs = RTCRtpReceiver.getCapabilities("video").codecs;
      const wanted = ["video/VP8", "video/rtx"];
      picture.setCodecPreferences(
        wanted.flatMap((name) => codecs.filter((codec) => codec.mimeType.toLowerCase() === name.toLowerCase())),
      );
    }
  };

  end.offer = async () => {
    await end.connection.setLocalDescription();
    return end.connection.localDescription.sdp;
  };
  end.answer = async (sdp) => {
    await end.connection.setRemoteDescription({ type: "offer", sdp });
    for (const transceiver of end.connection.getTransceivers()) transceiver.direction = "sendrecv";
    await end.connection.setLocalDescription();
    return end.connection.localDescription.sdp;
  };
  end.accept = (sdp) => end.connection.setRemoteDescription({ type: "answer", sdp });
  end.add = (candidate) => end.connection.addIceCandidate(candidate);
  end.stats = async () => [...(await end.connection.getStats()).values()];
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
