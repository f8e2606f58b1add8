// Charts of a page: <div data-chart><script type="application/json">{"below", "wide", "narrow"}</script></div>, as
// `{% chart %}` writes it ("links": an address for each category). A chart is drawn in the layout for its width, follows the size and the theme, and goes when htmx
// takes it away. The button [data-chart-toggle] in its figure shows the table instead.
import { CanvasRenderer } from "echarts/renderers";
import { echarts } from "./echarts";
import { type Json, withFunctions } from "./format";
import { recoloured } from "./themes";

echarts.use([CanvasRenderer]);

interface Layout {
  height: number;
  option: Json;
}

interface Layouts {
  below: number;
  links?: string[];
  wide: Layout;
  narrow: Layout;
}

interface Drawn {
  chart: ReturnType<typeof echarts.init>;
  layouts: Layouts;
  narrow: boolean;
}

const drawn = new Map<HTMLElement, Drawn>();
const resizing = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target instanceof HTMLElement) follow(target);
});

function locale(): "ZH" | "EN" {
  return document.documentElement.lang.startsWith("zh") ? "ZH" : "EN";
}

function draw(element: HTMLElement): void {
  const source = element.querySelector("script")?.textContent;
  if (drawn.has(element) || !source) return;
  const layouts = JSON.parse(source) as Layouts;
  const narrow = element.clientWidth < layouts.below;
  element.style.height = `${(narrow ? layouts.narrow : layouts.wide).height}px`;
  const chart = echarts.init(element, null, { renderer: "svg", locale: locale() });
  drawn.set(element, { chart, layouts, narrow });
  show(element);
  if (layouts.links?.some(Boolean)) followLinks(chart, layouts.links);
  resizing.observe(element);
}

/** A click anywhere over a category leads to its page; the marks themselves are too small to aim at. */
function followLinks(chart: Drawn["chart"], links: string[]): void {
  const linkAt = (event: { offsetX: number; offsetY: number }): string => {
    const place = [event.offsetX, event.offsetY];
    if (!chart.containPixel("grid", place)) return "";
    const [across = -1, down = -1] = chart.convertFromPixel("grid", place) as number[];
    const option = chart.getOption() as { xAxis?: { type?: string }[] };
    return links[Math.round(option.xAxis?.[0]?.type === "category" ? across : down)] ?? "";
  };
  chart.getZr().on("mousemove", (event) => chart.getZr().setCursorStyle(linkAt(event) ? "pointer" : "default"));
  chart.getZr().on("click", (event) => {
    const link = linkAt(event);
    if (link) location.assign(link);
  });
}

function show(element: HTMLElement): void {
  const one = drawn.get(element);
  if (!one) return;
  const option = recoloured((one.narrow ? one.layouts.narrow : one.layouts.wide).option);
  one.chart.setOption(withFunctions(option) as Record<string, unknown>, { notMerge: true });
}

function follow(element: HTMLElement): void {
  const one = drawn.get(element);
  if (!one || element.clientWidth === 0) return;
  const narrow = element.clientWidth < one.layouts.below;
  if (narrow !== one.narrow) {
    one.narrow = narrow;
    element.style.height = `${(narrow ? one.layouts.narrow : one.layouts.wide).height}px`;
    show(element);
  }
  one.chart.resize();
}

function drop(element: HTMLElement): void {
  drawn.get(element)?.chart.dispose();
  drawn.delete(element);
  resizing.unobserve(element);
}

function each(root: Element, act: (element: HTMLElement) => void): void {
  if (root instanceof HTMLElement && root.matches("[data-chart]")) act(root);
  for (const element of root.querySelectorAll<HTMLElement>("[data-chart]")) act(element);
}

function toggle(button: HTMLElement): void {
  const block = button.closest("[data-chart-block]");
  const chart = block?.querySelector<HTMLElement>("[data-chart]");
  const table = block?.querySelector<HTMLElement>(".chart-table");
  if (!chart || !table) return;
  const tabular = table.hidden;
  table.hidden = !tabular;
  chart.hidden = tabular;
  button.setAttribute("aria-pressed", String(tabular));
}

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.removedNodes) if (node instanceof Element) each(node, drop);
    for (const node of change.addedNodes) if (node instanceof Element) each(node, draw);
  }
}).observe(document.documentElement, { childList: true, subtree: true });
document.addEventListener("salesloop:theme", () => drawn.forEach((_, element) => show(element)));
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-chart-toggle]") : null;
  if (button) toggle(button);
});
each(document.documentElement, draw);
