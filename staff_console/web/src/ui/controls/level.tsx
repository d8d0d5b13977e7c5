// Loudness as a bar that fills. Its width is set through the style object, so the page's policy against inline
// styles stays whole.
import { useEffect, useRef } from "preact/hooks";

export function Level({ value, label, testid }: { value: number; label: string; testid: string }) {
  const fill = useRef<HTMLSpanElement>(null);
  const percent = Math.round(value * 100);
  useEffect(() => {
    fill.current?.style.setProperty("inline-size", `${percent}%`);
  }, [percent]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: each browser draws <meter> in a way of its own
    <div
      class="level"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-testid={testid}
    >
      <span ref={fill} class="level-fill" />
    </div>
  );
}
