// What a kiosk measures: where each number belongs, and how it is said with its unit.
import type { HealthArea, HealthNumber, Language } from "../../protocol/messages";
import { spanOf, spanText } from "./spans";

type Say = (id: string, values?: Record<string, string | number>) => string;
type Unit = "db" | "ms" | "s" | "percent" | "fps" | "celsius" | "mb" | "plain" | "span";

interface NumberFacts {
  readonly area: HealthArea;
  readonly unit: Unit;
  readonly decimals: number;
}

/** In the order in which they are read. */
export const NUMBERS: Readonly<Record<HealthNumber, NumberFacts>> = {
  sweep_level_db: { area: "sound", unit: "db", decimals: 0 },
  noise_level_db: { area: "sound", unit: "db", decimals: 0 },
  sound_delay_ms: { area: "sound", unit: "ms", decimals: 0 },
  distortion_percent: { area: "sound", unit: "percent", decimals: 1 },
  echo_left_db: { area: "sound", unit: "db", decimals: 0 },
  camera_fps: { area: "camera", unit: "fps", decimals: 0 },
  camera_light_percent: { area: "camera", unit: "percent", decimals: 0 },
  camera_contrast_percent: { area: "camera", unit: "percent", decimals: 0 },
  camera_sharpness: { area: "camera", unit: "plain", decimals: 0 },
  screen_drawn_ms: { area: "screen", unit: "ms", decimals: 0 },
  server_round_trip_ms: { area: "network", unit: "ms", decimals: 0 },
  clock_ahead_s: { area: "network", unit: "s", decimals: 1 },
  call_connect_ms: { area: "call", unit: "ms", decimals: 0 },
  call_frames: { area: "call", unit: "plain", decimals: 0 },
  call_sound_percent: { area: "call", unit: "percent", decimals: 0 },
  disk_free_percent: { area: "machine", unit: "percent", decimals: 0 },
  memory_free_percent: { area: "machine", unit: "percent", decimals: 0 },
  temperature_c: { area: "machine", unit: "celsius", decimals: 0 },
  cpu_percent: { area: "machine", unit: "percent", decimals: 0 },
  program_mb: { area: "program", unit: "mb", decimals: 0 },
  uptime_s: { area: "machine", unit: "span", decimals: 0 },
  restarts: { area: "program", unit: "plain", decimals: 0 },
};

/** Those that were measured, in the order of the table. A number of a newer kiosk is left out: it has no name here. */
export function knownNumbers(measured: Readonly<Record<string, number>>): HealthNumber[] {
  return (Object.keys(NUMBERS) as HealthNumber[]).filter((name) => measured[name] !== undefined);
}

/** Areas with the numbers that were measured there. */
export function byArea(measured: Readonly<Record<string, number>>): [HealthArea, HealthNumber[]][] {
  const areas = new Map<HealthArea, HealthNumber[]>();
  for (const name of knownNumbers(measured)) {
    const { area } = NUMBERS[name];
    areas.set(area, [...(areas.get(area) ?? []), name]);
  }
  return [...areas];
}

/** `−32 dB`, `14 days`. */
export function numberText(name: HealthNumber, value: number, language: Language, say: Say): string {
  const { unit, decimals } = NUMBERS[name];
  if (unit === "span") {
    const span = spanOf(value);
    return span === null ? say("admin-health-just-now") : spanText(span, language);
  }
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: decimals }).format(value);
  return unit === "plain" ? number : say(`admin-unit-${unit}`, { value: number });
}

const WHOLE: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const HOUR_S = 3600;
/** So far apart that each is said in its own words: hours up to two days, days after. */
const SPANS: readonly number[] = [1, 6, 12, 24, 48, 120, 240, 480, 1200, 2400].map((hours) => hours * HOUR_S);

/** Steps of an axis that are said without decimals that nobody sees; none: any will do. */
export function stepsOf(name: HealthNumber): readonly number[] {
  const { unit, decimals } = NUMBERS[name];
  if (unit === "span") return SPANS;
  return decimals === 0 ? WHOLE : [];
}
