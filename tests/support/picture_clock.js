// The picture clock in a page: paint the time into a canvas, read it from a video. The same strip as in Python
// (kiosk/adapters/pattern_picture.py): 40 bars along the lower edge, 1/30 of the height, 32 bits of milliseconds,
// 8 bits of check sum. Loaded with page.addScriptTag or addInitScript; gives one global, `pictureClock`.
(() => {
  const BARS = 40;
  const SHARE = 30;

  function checkSum(milliseconds) {
    let total = 0x5a;
    [24, 16, 8, 0].forEach((shift, i) => {
      total = (total + ((milliseconds >>> shift) & 0xff) * (2 * (i + 1) + 1)) & 0xff;
    });
    return total;
  }

  // Paint `milliseconds` (an integer, modulo 2^32) into a 2D context of a canvas.
  function paint(context, milliseconds) {
    const { width, height } = context.canvas;
    const value = milliseconds >>> 0;
    const tall = Math.floor(height / SHARE) & ~1;
    const sum = checkSum(value);
    for (let i = 0; i < BARS; i += 1) {
      const bit = i < 32 ? (value >>> (31 - i)) & 1 : (sum >>> (39 - i)) & 1;
      context.fillStyle = bit ? "#fff" : "#000";
      const left = Math.round((i * width) / BARS);
      context.fillRect(left, height - tall, Math.round(((i + 1) * width) / BARS) - left, tall);
    }
  }

  const small = new OffscreenCanvas(BARS * 4, 4);
  const smallContext = small.getContext("2d", { willReadFrequently: true });

  // Read the time from anything drawable (a video element, a canvas, a VideoFrame); null if there is none.
  function read(source, width, height) {
    const tall = Math.floor(height / SHARE) & ~1;
    if (!width || tall < 2) return null;
    smallContext.drawImage(source, 0, height - tall, width, tall, 0, 0, BARS * 4, 4);
    const pixels = smallContext.getImageData(0, 0, BARS * 4, 4).data;
    const bits = [];
    for (let i = 0; i < BARS; i += 1) {
      let light = 0;
      for (const y of [1, 2]) {
        for (const x of [1, 2]) light += pixels[(y * BARS * 4 + i * 4 + x) * 4 + 1];
      }
      bits.push(light / 4 > 127 ? 1 : 0);
    }
    const number = (from, to) => bits.slice(from, to).reduce((n, b) => n * 2 + b, 0);
    const value = number(0, 32);
    return number(32, 40) === checkSum(value) ? value : null;
  }

  // The page's own clock in milliseconds; the difference to the machine's comes from `clock_offset_ms` in Python.
  const now = () => performance.now();

  // A camera that is a canvas: moving, with `clock()` painted in. Returns a MediaStreamTrack.
  function camera(width, height, rate, clock) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d", { alpha: false });
    const track = canvas.captureStream(0).getVideoTracks()[0];
    const draw = () => {
      const t = performance.now() / 1000;
      context.fillStyle = "#8a6d4b";
      context.fillRect(0, 0, width, height);
      for (let i = 0; i < 24; i += 1) {
        context.fillStyle = `hsl(${(i * 47) % 360} 35% 45%)`;
        context.fillRect((i * width) / 24, height * 0.1, width / 24 - 4, height * 0.3);
      }
      context.fillStyle = "#d9a58c";
      context.beginPath();
      context.ellipse(width * (0.5 + 0.1 * Math.sin(t)), height * 0.5, width * 0.11, height * 0.26, 0, 0, 7);
      context.fill();
      context.fillStyle = "#24323f";
      context.fillRect(width * (0.5 + 0.3 * Math.sin(t * 2)), height * 0.85, width * 0.05, height * 0.06);
      paint(context, Math.floor(clock()) >>> 0);
      track.requestFrame();
    };
    draw();
    const timer = setInterval(draw, 1000 / rate);
    track.addEventListener("ended", () => clearInterval(timer));
    return track;
  }

  // Watch a video element: for each frame shown, [age in ms, width]; ages by `clock()`.
  function watch(video, clock) {
    const seen = [];
    const onFrame = () => {
      const at = clock();
      const value = read(video, video.videoWidth, video.videoHeight);
      const age = value === null ? null : (((Math.floor(at) >>> 0) - value) >>> 0);
      seen.push([age, video.videoWidth]);
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
    return seen;
  }

  globalThis.pictureClock = { paint, read, now, camera, watch };
})();
