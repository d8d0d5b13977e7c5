// What is sent right now, and which device does not do its part: in words, at both ends of the call.
import { useDesk } from "./context";
import { Icon } from "./controls/icon";
import { useInterruption } from "./path";

export function Truths() {
  const { state, words } = useDesk();
  const visit = state.view.value?.visit;
  const interrupted = useInterruption();
  const media = state.kioskMedia.value;
  const flowing = state.call.value.phase === "connected" && !state.held.value;
  const sound = flowing && state.microphoneWanted.value && state.microphone.value.condition === "ok";
  const picture = flowing && state.cameraWanted.value && state.camera.value.condition === "ok";
  const still = state.path.value?.picturePaused === true;
  const sent =
    visit?.state === "connecting"
      ? "soon"
      : sound && picture
        ? still
          ? "still"
          : "both"
        : sound
          ? "sound"
          : picture
            ? "picture"
            : "none";
  const warnings: string[] = [];
  if (visit && !visit.kiosk_connected && interrupted?.away !== "kiosk") warnings.push("call-kiosk-away");
  for (const device of ["camera", "microphone", "loudspeaker"] as const) {
    const condition = media?.[device];
    if (condition === "missing" || condition === "failed") warnings.push(`call-kiosk-no-${device}`);
  }
  if (media && !media.microphone_sending && media.microphone === "ok" && flowing)
    warnings.push("call-kiosk-muted");
  if (state.camera.value.condition !== "ok") warnings.push("call-own-no-camera");
  if (state.microphone.value.condition !== "ok") warnings.push("call-own-no-microphone");
  return (
    <div class="truths" role="status">
      <p class="sent" data-testid="sent" data-sent={sent}>
        <Icon name={sent === "none" || sent === "soon" ? "eyeOff" : "eye"} />
        {words(`call-sent-${sent}`)}
      </p>
      {warnings.map((warning) => (
        <p key={warning} class="truth-warning" data-testid={warning}>
          <Icon name="warning" />
          {words(warning)}
        </p>
      ))}
    </div>
  );
}
