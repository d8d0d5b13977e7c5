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

export function LightMark({ light }: { light: Light }) {
  const { say } = useOffice();
  return (
    <span class={`light light-${light}`}>
      <Icon name={SHAPES[light]} />
      <span>{say(`admin-light-${light}`)}</span>
    </span>
  );
}
