// The part of the console that works while its page is closed: it shows that somebody is asked to stand in, and
// opens the page on a click. It keeps nothing, and stands between no page and the server.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const { title, body = "" } = said(event.data);
  event.waitUntil(
    self.registration.showNotification(title, { body, tag: "standby", requireInteraction: true }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openConsole());
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

async function openConsole() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages[0];
  if (open) await open.focus();
  else await self.clients.openWindow("/");
}
