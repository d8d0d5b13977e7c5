// How something is, in a colour, a shape and a word: any of the three is enough.
import type { Light } from "../../protocol/messages";
import { Icon, type IconName } from "../../ui/controls/icon";
import { useOffice } from "../context";

const SHAPES: Readonly<Record<Light, IconName>> = {
  green: "circleCheck",
  amber: "warning",
  red: "octagonX",
  grey: "circleDashed",
};

export interface LightMarkProps {
  readonly light: Light;
  /** What is said instead of the light's own word. */
  readonly word?: string;
}

export function LightMark({ light, word }: LightMarkProps) {
  const { say } = useOffice();
  return (
    <span class={`light light-${light}`}>
      <Icon name={SHAPES[light]} />
      <span>{word ?? say(`admin-light-${light}`)}</span>
    </span>
  );
}
