// A line over thirty days. Fetched when somebody looks at a history; those who cannot see it have the table beside it.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Series } from "../rules/history";

const HEIGHT_EM = 15;
/** Room for one label of a day, and for one line of numbers. */
const DAY_SPACE_EM = 5;
const LINE_SPACE_EM = 2.5;
/** Width of a letter, about, of the height of the type. */
const LETTER_EM = 0.58;

export interface PlotProps {
  readonly series: Series;
  /** Seconds since 1970: the ends of the time that is shown. */
  readonly from: number;
  readonly to: number;
  /** What it shows, in a sentence. */
  readonly label: string;
  /** Steps between the lines that mean something for this number; none: as they come. */
  readonly steps: readonly number[];
  readonly value: (value: number) => string;
  readonly day: (seconds: number) => string;
  readonly moment: (seconds: number) => string;
}

export default function Plot(props: PlotProps) {
  const { series, from, to, label } = props;
  const host = useRef<HTMLDivElement>(null);
  const reading = useRef<HTMLParagraphElement>(null);
  const face = useFace();
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const plot = new uPlot(
      options(props, element, (text) => {
        if (reading.current) reading.current.textContent = text;
      }),
      [[...series[0]], [...series[1]]],
      element,
    );
    const resize = new ResizeObserver(() => {
      if (element.clientWidth > 0) plot.setSize({ width: element.clientWidth, height: plot.height });
    });
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [series, from, to, props.value, face]);
  return (
    <div class="plot-frame">
      <div ref={host} class="plot" role="img" aria-label={label} data-testid="plot">
        <span class="plot-line" />
        <span class="plot-grid" />
      </div>
      <p ref={reading} class="plot-reading soft" aria-hidden="true" />
    </div>
  );
}

/** Counts the changes between light and dark: a canvas does not follow the page's colours by itself. */
function useFace(): number {
  const [face, setFace] = useState(0);
  useEffect(() => {
    const turn = () => setFace((count) => count + 1);
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const theme = new MutationObserver(turn);
    dark.addEventListener("change", turn);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      dark.removeEventListener("change", turn);
      theme.disconnect();
    };
  }, []);
  return face;
}

function options(props: PlotProps, element: HTMLElement, read: (text: string) => void): uPlot.Options {
  const style = getComputedStyle(element);
  const em = Number.parseFloat(style.fontSize);
  const colour = (part: string) => {
    const found = element.querySelector(part);
    return found === null ? style.color : getComputedStyle(found).color;
  };
  const [ink, line, grid] = [style.color, colour(".plot-line"), colour(".plot-grid")];
  const font = `${em}px ${style.fontFamily}`;
  const lines = { stroke: grid, width: 1 };
  return {
    width: element.clientWidth,
    height: HEIGHT_EM * em,
    legend: { show: false },
    cursor: { drag: { setScale: false, x: false, y: false } },
    scales: { x: { time: true, range: () => [props.from, props.to] } },
    axes: [
      {
        stroke: ink,
        font,
        space: DAY_SPACE_EM * em,
        size: 2.5 * em,
        grid: lines,
        ticks: lines,
        values: (_, splits) => splits.map(props.day),
      },
      {
        stroke: ink,
        font,
        space: LINE_SPACE_EM * em,
        grid: lines,
        ticks: lines,
        ...(props.steps.length > 0 && { incrs: [...props.steps] }),
        values: (_, splits) => splits.map(props.value),
        size: (_, values) => (Math.max(3, ...(values ?? []).map((one) => one.length)) * LETTER_EM + 1.5) * em,
      },
    ],
    series: [{}, { stroke: line, width: 2, spanGaps: false, points: { size: 5, fill: line } }],
    hooks: {
      setCursor: [
        ({ cursor, data }) => {
          const [time, value] = [data[0][cursor.idx ?? -1], data[1]?.[cursor.idx ?? -1]];
          read(time == null || value == null ? "" : `${props.moment(time)}: ${props.value(value)}`);
        },
      ],
    },
  };
}
