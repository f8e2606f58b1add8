// Options come in the colours of the light theme. Each is a token of the style sheet, so the dark theme's colour for it is
// read from there; a colour that is no token stays as it is.
import type { Json } from "./format";

const TOKENS = [
  "ground",
  "surface",
  "ink",
  "ink2",
  "ink3",
  "line",
  "accent",
  "accent-soft",
  "comparison",
  "target",
  "total",
  "red",
  "red-soft",
  "green",
  "green-soft",
  "warning",
  "warning-soft",
  "band",
  ...[1, 2, 3, 4, 5, 6].map((number) => `slice-${number}`),
];

const LIGHT: readonly string[] = read("light");

/** The tokens' values under one theme, read from the style sheet by showing that theme for no frame at all. */
function read(theme?: string): string[] {
  const root = document.documentElement;
  const before = root.dataset["theme"] ?? "auto";
  if (theme) root.dataset["theme"] = theme;
  const style = getComputedStyle(root);
  const values = TOKENS.map((name) => style.getPropertyValue(`--${name}`).trim().toLowerCase());
  if (theme) root.dataset["theme"] = before;
  return values;
}

/** A copy of an option in the colours of the theme that the page shows now. */
export function recoloured(option: Json): Json {
  const now = read();
  const colours = new Map(LIGHT.map((colour, index) => [colour, now[index] ?? colour]));
  const walk = (part: Json): Json => {
    if (typeof part === "string") return colours.get(part) ?? part;
    if (Array.isArray(part)) return part.map(walk);
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, walk(value)]));
  };
  return walk(option);
}
