// The check: own picture, level meter, and what could be used instead.
import type { DeviceKind, DeviceState } from "../state/console";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { Level } from "./controls/level";
import { Video } from "./video";

export function DevicePanel() {
  const { state, commands, words } = useDesk();
  const closed = state.microphone.value.condition === "closed" && state.camera.value.condition === "closed";
  return (
    <section class="panel devices" data-testid="devices" aria-labelledby="devices-title">
      <h2 id="devices-title">{words("devices-title")}</h2>
      {closed ? (
        <>
          <p class="soft">{words("devices-lead")}</p>
          <Button icon="video" testid="check-devices" onPress={commands.checkDevices}>
            {words("devices-check")}
          </Button>
        </>
      ) : (
        <>
          <OwnPicture />
          <div class="level-row">
            <span aria-hidden="true">{words("devices-level")}</span>
            <Level value={state.level.value} label={words("devices-level")} testid="level" />
            <small>{words("devices-level-hint")}</small>
          </div>
          <DeviceChoices />
          <Button
            icon="bell"
            busy={state.testRinging.value}
            testid="test-ring"
            onPress={commands.soundTestRing}
          >
            {words(state.testRinging.value ? "devices-testing" : "devices-test")}
          </Button>
        </>
      )}
    </section>
  );
}

/** As visitors see one. */
export function OwnPicture() {
  const { state, words } = useDesk();
  return (
    <figure class="own-picture">
      {state.ownPicture.value ? (
        <Video
          stream={state.ownPicture.value}
          label={words("own-picture")}
          testid="self-video"
          muted
          mirrored
        />
      ) : (
        <div class="own-none">
          <Icon name="videoOff" />
          {words("devices-none")}
        </div>
      )}
      <figcaption>{words("devices-own")}</figcaption>
    </figure>
  );
}

const KINDS: readonly DeviceKind[] = ["microphone", "camera", "loudspeaker"];

/** What is in use, whether it works, and what else there is. Also while talking. */
export function DeviceChoices() {
  const { state } = useDesk();
  return (
    <div class="choices">
      {KINDS.map((kind) => (
        <DeviceRow key={kind} kind={kind} device={state[kind].value} />
      ))}
    </div>
  );
}

function DeviceRow({ kind, device }: { kind: DeviceKind; device: DeviceState }) {
  const { commands, words } = useDesk();
  const well = device.condition === "ok";
  return (
    <div class="device">
      <div class="device-head">
        <label for={`choose-${kind}`}>{words(`device-${kind}`)}</label>
        <span
          class={well ? "condition well" : "condition ill"}
          data-testid={`condition-${kind}`}
          data-condition={device.condition}
        >
          <Icon name={well ? "check" : "warning"} />
          {words(`condition-${device.condition}`)}
        </span>
      </div>
      <select
        id={`choose-${kind}`}
        value={device.chosen}
        data-testid={`choose-${kind}`}
        onChange={(event) => commands.chooseDevice(kind, event.currentTarget.value)}
      >
        {!device.choices.some((choice) => choice.id === device.chosen) && (
          <option value={device.chosen}>{words("device-default")}</option>
        )}
        {device.choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {choice.label || words("device-default")}
          </option>
        ))}
      </select>
      {device.condition === "blocked" && <small>{words("blocked-hint")}</small>}
    </div>
  );
}
