// Which seat this browser tab is, across reloads. A copied tab copies its storage too, so a lock keeps the seat
// with the tab that had it first.

const KEY = "seat";
/** The page before us may still be going away; wait this long for its lock. */
const LOCK_WAIT_MS = 800;

export interface SeatMemory {
  id(): string | null;
  keep(id: string): void;
  forget(): void;
}

/** The seat of this tab, once it is clear that no other tab holds it. */
export async function recallSeat(storage: Storage, locks: LockManager | undefined): Promise<SeatMemory> {
  let seat = storage.getItem(KEY);
  if (seat !== null && !(await claim(seat, locks))) seat = null;
  return {
    id: () => seat,
    keep(id) {
      if (id === seat) return;
      seat = id;
      storage.setItem(KEY, id);
      void claim(id, locks);
    },
    forget() {
      seat = null;
      storage.removeItem(KEY);
    },
  };
}

/** True when this tab holds the lock of the seat, which it then keeps until it is closed. */
async function claim(seat: string, locks: LockManager | undefined): Promise<boolean> {
  if (locks === undefined) return true;
  const patience = AbortSignal.timeout(LOCK_WAIT_MS);
  return new Promise((resolve) => {
    locks
      .request(`seat-${seat}`, { signal: patience }, () => {
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}
