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

  // A librarian before bookshelves, who sways, blinks and speaks: what a face is to an encoder, and to a reader of
  // the screenshots.
  function drawLibrarian(context, t) {
    const { width, height } = context.canvas;
    const shape = (colour, path) => {
      context.fillStyle = colour;
      context.beginPath();
      path();
      context.fill();
    };
    const oval = (colour, x, y, rx, ry) => shape(colour, () => context.ellipse(x, y, rx, ry, 0, 0, 7));
    context.fillStyle = "#5b4332";
    context.fillRect(0, 0, width, height);
    const shelf = height / 3.2;
    for (let row = 0; row < 4; row += 1) {
      context.fillStyle = "#3f2d22";
      context.fillRect(0, row * shelf + shelf - 12, width, 12);
      for (let i = 0; i < 26; i += 1) {
        const tall = shelf * (0.55 + 0.3 * Math.abs(Math.sin(i * 12.9 + row * 4.1)));
        context.fillStyle = `hsl(${(i * 67 + row * 40) % 360} 28% ${34 + ((i * 7) % 20)}%)`;
        context.fillRect((i * width) / 26 + 2, row * shelf + shelf - 12 - tall, width / 26 - 5, tall);
      }
    }
    const x = width * (0.5 + 0.02 * Math.sin(t * 0.9));
    const y = height * (0.4 + 0.008 * Math.sin(t * 1.7));
    const u = height / 100;
    oval("#3b2a20", x, y - 3 * u, 17 * u, 20 * u);
    oval("#2f5d7c", x, height * 1.02, 40 * u, 38 * u);
    shape("#24485f", () => {
      context.moveTo(x - 9 * u, height * 0.66);
      context.lineTo(x, height * 0.78);
      context.lineTo(x + 9 * u, height * 0.66);
    });
    shape("#c98f74", () => context.roundRect(x - 6 * u, y + 12 * u, 12 * u, 14 * u, 5 * u));
    oval("#dba88d", x, y + u, 13.5 * u, 17.5 * u);
    shape("#3b2a20", () => context.ellipse(x, y - 9 * u, 14.5 * u, 9.5 * u, 0, Math.PI, 0));
    const open = Math.sin(t * 0.8) > 0.985 ? 0.15 : 1;
    for (const side of [-1, 1]) {
      oval("#fbf6ef", x + side * 5.2 * u, y - u, 2.5 * u, 1.7 * u * open);
      oval("#2b2320", x + side * 5.2 * u, y - u, 1.2 * u, 1.3 * u * open);
      context.strokeStyle = "#22313c";
      context.lineWidth = 0.7 * u;
      context.beginPath();
      context.ellipse(x + side * 5.2 * u, y - u, 4 * u, 3.5 * u, 0, 0, 7);
      context.stroke();
    }
    context.beginPath();
    context.moveTo(x - 1.3 * u, y - 1.4 * u);
    context.lineTo(x + 1.3 * u, y - 1.4 * u);
    context.stroke();
    oval("#cb9478", x, y + 4 * u, 1.7 * u, 1.3 * u);
    const said = 0.4 + Math.abs(Math.sin(t * 6.3)) * Math.abs(Math.sin(t * 1.1));
    oval("#9c4a45", x, y + 10 * u, 4 * u, (0.6 + 1.6 * said) * u);
    oval("#d7a08a", x + 36 * u + 2 * u * Math.sin(t * 2.2), height * 0.84, 5 * u, 6.5 * u);
  }

  // A camera that is a canvas: moving, with `clock()` painted in. Returns a MediaStreamTrack.
  function camera(width, height, rate, clock) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d", { alpha: false });
    const track = canvas.captureStream(0).getVideoTracks()[0];
    const draw = () => {
      drawLibrarian(context, performance.now() / 1000);
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
