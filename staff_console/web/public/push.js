// The part of the console that works while its page is closed: it shows that somebody is asked to stand in, or that a
// kiosk needs somebody, and opens the page on a click. It keeps nothing, and stands between no page and the server.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const { title, body = "", lang = "", url = "/", tag = "standby" } = said(event.data);
  // A newer request to stand in takes the place of the older one; each word on a kiosk stands for itself.
  const look = { body, lang, data: ours(url), requireInteraction: true, ...(tag === "standby" && { tag }) };
  event.waitUntil(self.registration.showNotification(title, look));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openConsole(event.notification.data));
});

/** The server sends words in the reader's language; a message of another kind still gets a name. */
function said(data) {
  try {
    const message = data.json();
    if (typeof message.title === "string" && message.title !== "") return message;
  } catch {
    // Not ours, or empty.
  }
  return { title: "Librarian on Demand" };
}

/** Only a page of our own is opened, whatever the message says. */
function ours(url) {
  const there = new URL(url, self.location.origin);
  return there.origin === self.location.origin ? there.href : self.location.origin;
}

async function openConsole(url) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages[0];
  if (!open) {
    await self.clients.openWindow(url);
    return;
  }
  // Told, not navigated: a page that is loaded anew would end a conversation.
  open.postMessage({ place: new URL(url).hash });
  await open.focus();
}
