// Where somebody was in the grid, for as long as the window is open: it stays when the page comes again after an undo.
const KEY = "salesloop-targets";

export interface Memory {
  active?: { row: string; column: string };
  folds?: Record<string, boolean>;
}

export function load(): Memory {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Memory;
  } catch {
    return {};
  }
}

export function remember(part: Memory): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...load(), ...part }));
  } catch {
    // A window without storage forgets; nothing else is lost.
  }
}
