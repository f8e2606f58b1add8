// Keys for the whole product: Ctrl K, g then a letter, j and k in lists, keys of a row, Esc, ?.
import { dialog, isTyping, onClick } from "./dom";
import { closeMenus } from "./menus";
import { openPalette } from "./palette";
import { moveInTable } from "./tables";

const SECOND_KEY_WITHIN = 1200;

let going = Number.NEGATIVE_INFINITY; // when g was pressed

function go(key: string): void {
  document.querySelector<HTMLAnchorElement>(`[data-go="${CSS.escape(key)}"]`)?.click();
}

/** The button of the selected row that wants this key (data-press), such as m to merge. */
function pressInRow(key: string): boolean {
  const row = document.activeElement?.closest("[data-row]");
  const button = row?.querySelector<HTMLElement>(`[data-press="${CSS.escape(key)}"]`);
  button?.click();
  return Boolean(button);
}

function press(event: KeyboardEvent): void {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.key === "Escape" && closeMenus()) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (performance.now() - going < SECOND_KEY_WITHIN) {
    going = Number.NEGATIVE_INFINITY;
    go(event.key);
  } else if (event.key === "g") {
    going = performance.now();
  } else if (event.key === "j" || event.key === "k") {
    if (moveInTable(event.key === "j" ? 1 : -1)) event.preventDefault();
  } else if (event.key === "?") {
    dialog("keys")?.showModal();
  } else if (pressInRow(event.key)) {
    event.preventDefault();
  }
}

export function startKeys(): void {
  document.addEventListener("keydown", press);
  onClick("[data-open-keys]", () => {
    closeMenus();
    dialog("keys")?.showModal();
  });
}
