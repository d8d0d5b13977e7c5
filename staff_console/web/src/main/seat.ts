// Which seat this browser tab is, across reloads. Whether another tab sits in it (a copied tab copies its storage
// too) is the server's business: it then gives a new one.

const KEY = "seat";

export interface SeatMemory {
  id(): string | null;
  keep(id: string): void;
  forget(): void;
}

export function createSeatMemory(storage: Storage): SeatMemory {
  return {
    id: () => storage.getItem(KEY),
    keep: (id) => storage.setItem(KEY, id),
    forget: () => storage.removeItem(KEY),
  };
}
