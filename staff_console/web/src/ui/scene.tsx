// A reading corner at dusk: shelf, window, lamp. The lamp says again what the sentence beside it says: it is lit
// when visitors see green. Drawn here; decoration, so it is hidden from whoever listens to the page.

/** Heights of the books on two shelves, in turn with the tints of scene.css. */
const UPPER = [46, 52, 40, 50, 44, 54, 38, 48, 52, 42, 50, 46];
const LOWER = [44, 38, 52, 46, 50, 40, 54, 46, 42, 50];
const BOOK_WIDTH = 13;

function Shelf({ heights, left, floor }: { heights: readonly number[]; left: number; floor: number }) {
  return (
    <>
      {heights.map((height, index) => (
        <rect
          key={index}
          class={`book book-${index % 5}`}
          x={left + index * (BOOK_WIDTH + 1)}
          y={floor - height}
          width={BOOK_WIDTH}
          height={height}
          rx="1.5"
        />
      ))}
      <rect
        class="board"
        x={left - 8}
        y={floor}
        width={heights.length * (BOOK_WIDTH + 1) + 15}
        height="6"
        rx="2"
      />
    </>
  );
}

export function Scene({ lamp }: { lamp: "off" | "lit" | "dim" }) {
  return (
    <svg
      class={`scene lamp-${lamp}`}
      viewBox="0 0 640 200"
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
      focusable="false"
    >
      <rect class="wall" width="640" height="200" />
      <g class="window">
        <rect class="sky" x="404" y="24" width="150" height="112" rx="4" />
        <path class="hill" d="M404 112c30-22 52-20 76-6s46 12 74-8v38H404z" />
        <circle class="moon" cx="522" cy="52" r="9" />
        <path class="frame" d="M404 24h150v112H404zM479 24v112M404 80h150" />
      </g>
      <path class="glow" d="M300 92 210 200h220L344 92z" />
      <Shelf heights={UPPER} left={52} floor={86} />
      <Shelf heights={LOWER} left={66} floor={158} />
      <g class="lamp">
        <path class="cord" d="M322 0v52" />
        <path class="shade" d="M304 52h36l18 40h-72z" />
        <ellipse class="bulb" cx="322" cy="93" rx="17" ry="5" />
      </g>
      <rect class="desk-top" y="178" width="640" height="22" />
      <g class="open-book">
        <path
          class="page"
          d="M322 176c-16-11-36-12-54-6v-12c18-6 38-5 54 6zM322 176c16-11 36-12 54-6v-12c-18-6-38-5-54 6z"
        />
      </g>
      <g class="cup">
        <path class="china" d="M452 156h28v14a8 8 0 0 1-8 8h-12a8 8 0 0 1-8-8z" />
        <path class="handle" d="M480 160h5a5 5 0 0 1 0 11h-6" />
      </g>
    </svg>
  );
}
