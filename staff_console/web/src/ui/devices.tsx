// The check: own picture, level meter, and what could be used instead.

import type { DeviceKind, DeviceState } from "../state/console";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { Video } from "./video";

export function DevicePanel() {
  const { state, commands, words } = useDesk();
  const opened = state.microphone.value.condition !== "closed" || state.camera.value.condition !== "closed";
  return (
    <section class="card devices" data-testid="devices" aria-labelledby="devices-title">
      <h2 id="devices-title">{words("devices-title")}</h2>
      {opened ? (
        <div class="check">
          <div class="own-picture">
            {state.ownPicture.value ? (
              <Video
                stream={state.ownPicture.value}
                label={words("own-picture")}
                testid="self-video"
                muted
                mirrored
              />
            ) : (
              <p class="own-none">
                <Icon name="videoOff" />
                {words("devices-none")}
              </p>
            )}
            <p class="own-caption">{words("devices-own")}</p>
          </div>
          <div class="check-controls">
            <LevelMeter />
            <DeviceChoices />
            <Button
              look="plain"
              icon="bell"
              busy={state.testRinging.value}
              testid="test-ring"
              onPress={commands.soundTestRing}
            >
              {words(state.testRinging.value ? "devices-testing" : "devices-test")}
            </Button>
          </div>
        </div>
      ) : (
        <>
          <p>{words("devices-lead")}</p>
          <Button look="plain" icon="video" testid="check-devices" onPress={commands.checkDevices}>
            {words("devices-check")}
          </Button>
        </>
      )}
    </section>
  );
}

function LevelMeter() {
  const { state, words } = useDesk();
  const percent = Math.round(state.level.value * 100);
  return (
    <div class="level">
      <span id="level-name">{words("devices-level")}</span>
      <meter aria-labelledby="level-name" min={0} max={100} value={percent} data-testid="level" />
      <small>{words("devices-level-hint")}</small>
    </div>
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
      <label class="field">
        <span>{words(`device-${kind}`)}</span>
        <select
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
      </label>
      <p
        class={well ? "condition well" : "condition ill"}
        data-testid={`condition-${kind}`}
        data-condition={device.condition}
      >
        <Icon name={well ? "check" : "warning"} />
        {words(`condition-${device.condition}`)}
      </p>
      {device.condition === "blocked" && <small>{words("blocked-hint")}</small>}
    </div>
  );
}
