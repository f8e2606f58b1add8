// Chart options travel as JSON, which holds no functions. Where ECharts wants one, the option holds a marker instead:
//   {"$format": "lookup", "labels": [[0, "0"], [2000000, "200万"]]}   the text of a tick
//   {"$format": "tip"}                                                a tooltip from the `text` of each data item
// Every number was turned into text by the server; nothing is formatted here.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Formatter = (input: unknown) => string | HTMLElement;

/** What ECharts tells a tooltip about one mark. */
interface Mark {
  name?: string;
  seriesName?: string;
  axisValueLabel?: string;
  color?: unknown;
  data?: unknown;
}

/** A copy of an option in which every marker is a function. */
export function withFunctions(option: Json): unknown {
  if (Array.isArray(option)) return option.map(withFunctions);
  if (option === null || typeof option !== "object") return option;
  if (option["$format"] === "lookup") return lookup(option["labels"] as [number, string][]);
  if (option["$format"] === "tip") return tip;
  if ("$format" in option) throw new Error(`unknown format in a chart: ${String(option["$format"])}`);
  return Object.fromEntries(Object.entries(option).map(([key, value]) => [key, withFunctions(value)]));
}

/** Ticks are computed by repeated addition, so the label of the nearest value is taken. */
function lookup(labels: [number, string][]): Formatter {
  const [first, second] = labels;
  const near = first && second ? Math.abs(second[0] - first[0]) / 1000 : 1e-9;
  return (value) => labels.find(([at]) => Math.abs(at - Number(value)) <= near)?.[1] ?? "";
}

/** Marks without a text of their own (bands, guides) stay out of the tooltip. */
const tip: Formatter = (input) => {
  const marks = (Array.isArray(input) ? input : [input]) as Mark[];
  const box = document.createElement("div");
  box.className = "chart-tip";
  const rows = marks.flatMap((mark) => {
    const text = textOf(mark.data);
    return text ? [row(mark, text)] : [];
  });
  const title = marks[0]?.axisValueLabel ?? marks[0]?.name;
  if (title) box.append(part("div", "chart-tip-title", title));
  box.append(...rows);
  return box;
};

function row(mark: Mark, text: string): HTMLElement {
  const line = document.createElement("div");
  line.className = "chart-tip-row";
  const dot = part("span", "chart-tip-dot", "");
  if (typeof mark.color === "string") dot.style.backgroundColor = mark.color;
  const unnamed = !mark.seriesName || mark.seriesName.includes("\0"); // ECharts' own name for a series without one
  line.append(dot, part("span", "chart-tip-name", unnamed ? "" : mark.seriesName!), part("strong", "chart-tip-text", text));
  return line;
}

function textOf(data: unknown): string {
  return data !== null && typeof data === "object" && "text" in data ? String(data.text) : "";
}

function part(tag: string, className: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
