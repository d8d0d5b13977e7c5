// Lucide icons (ISC), drawn as elements: no markup is ever parsed by the page. An icon never stands without a word.

import activity from "lucide-static/icons/activity.svg?raw";
import appWindow from "lucide-static/icons/app-window.svg?raw";
import arrowLeft from "lucide-static/icons/arrow-left.svg?raw";
import bell from "lucide-static/icons/bell-ring.svg?raw";
import check from "lucide-static/icons/check.svg?raw";
import circleCheck from "lucide-static/icons/circle-check.svg?raw";
import circleDashed from "lucide-static/icons/circle-dashed.svg?raw";
import copy from "lucide-static/icons/copy.svg?raw";
import send from "lucide-static/icons/corner-down-left.svg?raw";
import door from "lucide-static/icons/door-open.svg?raw";
import eye from "lucide-static/icons/eye.svg?raw";
import eyeOff from "lucide-static/icons/eye-off.svg?raw";
import info from "lucide-static/icons/info.svg?raw";
import key from "lucide-static/icons/key-round.svg?raw";
import library from "lucide-static/icons/library.svg?raw";
import lock from "lucide-static/icons/lock.svg?raw";
import lockOpen from "lucide-static/icons/lock-open.svg?raw";
import logOut from "lucide-static/icons/log-out.svg?raw";
import mapPin from "lucide-static/icons/map-pin.svg?raw";
import messageSquare from "lucide-static/icons/message-square.svg?raw";
import mic from "lucide-static/icons/mic.svg?raw";
import micOff from "lucide-static/icons/mic-off.svg?raw";
import monitor from "lucide-static/icons/monitor.svg?raw";
import octagonX from "lucide-static/icons/octagon-x.svg?raw";
import pause from "lucide-static/icons/pause.svg?raw";
import phone from "lucide-static/icons/phone.svg?raw";
import phoneOff from "lucide-static/icons/phone-off.svg?raw";
import play from "lucide-static/icons/play.svg?raw";
import plus from "lucide-static/icons/plus.svg?raw";
import power from "lucide-static/icons/power.svg?raw";
import refresh from "lucide-static/icons/refresh-cw.svg?raw";
import rotate from "lucide-static/icons/rotate-ccw.svg?raw";
import settings from "lucide-static/icons/settings-2.svg?raw";
import shieldAlert from "lucide-static/icons/shield-alert.svg?raw";
import shield from "lucide-static/icons/shield-check.svg?raw";
import skip from "lucide-static/icons/skip-forward.svg?raw";
import sliders from "lucide-static/icons/sliders-horizontal.svg?raw";
import ticket from "lucide-static/icons/ticket.svg?raw";
import trash from "lucide-static/icons/trash-2.svg?raw";
import warning from "lucide-static/icons/triangle-alert.svg?raw";
import userPlus from "lucide-static/icons/user-plus.svg?raw";
import users from "lucide-static/icons/users.svg?raw";
import video from "lucide-static/icons/video.svg?raw";
import videoOff from "lucide-static/icons/video-off.svg?raw";
import volume from "lucide-static/icons/volume-2.svg?raw";
import wifi from "lucide-static/icons/wifi.svg?raw";
import wifiHigh from "lucide-static/icons/wifi-high.svg?raw";
import wifiLow from "lucide-static/icons/wifi-low.svg?raw";
import wifiOff from "lucide-static/icons/wifi-off.svg?raw";
import x from "lucide-static/icons/x.svg?raw";
import { h } from "preact";

const SOURCES = {
  arrowLeft,
  bell,
  check,
  copy,
  door,
  eye,
  eyeOff,
  library,
  logOut,
  mic,
  micOff,
  pause,
  phone,
  phoneOff,
  play,
  plus,
  refresh,
  send,
  settings,
  shield,
  shieldAlert,
  skip,
  sliders,
  video,
  videoOff,
  volume,
  warning,
  wifi,
  wifiHigh,
  wifiLow,
  wifiOff,
  x,
  appWindow,
  info,
  mapPin,
  messageSquare,
  ticket,
  trash,
  userPlus,
  users,
  activity,
  circleCheck,
  circleDashed,
  key,
  lock,
  lockOpen,
  monitor,
  octagonX,
  power,
  rotate,
} as const;

export type IconName = keyof typeof SOURCES;

type Shape = readonly [tag: string, attributes: Record<string, string>];

const shapes = new Map<IconName, readonly Shape[]>();

export function Icon({ name }: { name: IconName }) {
  let drawn = shapes.get(name);
  if (drawn === undefined) {
    drawn = parse(SOURCES[name]);
    shapes.set(name, drawn);
  }
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {drawn.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}

/** The drawn parts of one Lucide file: a flat list of elements with plain attributes. */
function parse(source: string): Shape[] {
  const inside = source.replace(/^[\s\S]*?<svg[^>]*>/, "");
  return [...inside.matchAll(/<([a-z]+)\s([^>]*?)\/?>/g)].map(([, tag = "path", text = ""]) => [
    tag,
    Object.fromEntries(
      [...text.matchAll(/([a-z0-9-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
    ),
  ]);
}
