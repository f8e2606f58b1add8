// Ctrl K: a combobox over pages, metrics, departments and people. The server ranks; an older answer never covers a newer one.
import { dialog, onClick } from "./dom";

const WAIT = 80;

let timer = 0;
let asked = 0;

function parts() {
  const palette = dialog("palette");
  const input = palette?.querySelector("input");
  const results = palette?.querySelector<HTMLElement>(".palette-results");
  return palette && input && results ? { palette, input, results } : null;
}

function options(results: HTMLElement): HTMLElement[] {
  return [...results.querySelectorAll<HTMLElement>("a[role=option]")];
}

function select(input: HTMLInputElement, results: HTMLElement, index: number): void {
  const all = options(results);
  if (all.length === 0) return input.removeAttribute("aria-activedescendant");
  const chosen = (index + all.length) % all.length;
  all.forEach((option, at) => {
    option.id ||= `palette-option-${at}`;
    option.setAttribute("aria-selected", String(at === chosen));
  });
  input.setAttribute("aria-activedescendant", `palette-option-${chosen}`);
  all[chosen]?.scrollIntoView({ block: "nearest" });
}

function selected(results: HTMLElement): number {
  return options(results).findIndex((option) => option.getAttribute("aria-selected") === "true");
}

async function ask(text: string): Promise<void> {
  const found = parts();
  if (!found) return;
  const mine = ++asked;
  const response = await fetch(`${found.palette.dataset["url"]}?q=${encodeURIComponent(text)}`, {
    headers: { "HX-Request": "true" },
  }).catch(() => null);
  if (!response?.ok || mine !== asked) return;
  found.results.innerHTML = await response.text();
  select(found.input, found.results, 0);
}

/** Show the palette with an empty question. */
export function openPalette(): void {
  const found = parts();
  if (!found || found.palette.open) return;
  found.input.value = "";
  found.palette.showModal();
  found.input.focus();
  void ask("");
}

export function startPalette(): void {
  onClick("[data-open-palette]", (button) => {
    button.closest<HTMLDetailsElement>("details.menu")?.removeAttribute("open");
    openPalette();
  });
  const found = parts();
  if (!found) return;
  const { input, results } = found;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(input.value), WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter and arrows belong to the input method while it is open
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      select(input, results, selected(results) + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      options(results)[selected(results)]?.click();
    }
  });
}
