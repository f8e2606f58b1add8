// The grid of targets with the keyboard of a sheet: arrows, Enter, Tab, F2, Esc, Delete, Ctrl Z; copy and paste with Excel.
// The server reads and checks what was typed; here are only places and texts.
import htmx from "htmx.org";
import { onClick } from "./dom";
import { load, remember } from "./targets_memory";

interface Edit {
  row: string;
  column: string;
  text: string;
}

const card = () => document.querySelector<HTMLElement>("[data-targets]");
const isCell = (target: EventTarget | null): target is HTMLTableCellElement =>
  target instanceof HTMLTableCellElement && target.matches("[data-targets] td[data-c]");

function lines(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>("[data-targets] tr[data-line]:not([hidden])")];
}

function cellsOf(line: Element): HTMLTableCellElement[] {
  return [...line.querySelectorAll<HTMLTableCellElement>("td[data-c]")];
}

function place(cell: HTMLTableCellElement): { row: string; column: string } {
  return { row: cell.closest("tr")?.dataset["line"] ?? "", column: cell.dataset["c"] ?? "" };
}

function cellAt(row: string, column: string): HTMLTableCellElement | null {
  const at = `tr[data-line="${CSS.escape(row)}"] td[data-c="${CSS.escape(column)}"]`;
  return card()?.querySelector<HTMLTableCellElement>(at) ?? null;
}

function go(cell: HTMLTableCellElement | null | undefined): void {
  if (!cell) return;
  for (const other of document.querySelectorAll("[data-targets] td[tabindex='0']")) other.setAttribute("tabindex", "-1");
  cell.tabIndex = 0;
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  remember({ active: place(cell) });
}

function neighbour(cell: HTMLTableCellElement, down: number, right: number): HTMLTableCellElement | undefined {
  const all = lines();
  const row = all.findIndex((line) => line.contains(cell));
  const line = all[Math.min(Math.max(row + down, 0), all.length - 1)];
  const here = cell.closest("tr");
  if (!line || !here) return undefined;
  const column = cellsOf(here).indexOf(cell);
  const cells = cellsOf(line);
  return cells[Math.min(Math.max(column + right, 0), cells.length - 1)];
}

// Editing one cell

function edit(cell: HTMLTableCellElement, start?: string): void {
  if (!("edit" in cell.dataset) || cell.querySelector("input")) return;
  const input = document.createElement("input");
  input.className = "cell-input";
  input.inputMode = "decimal";
  input.autocomplete = "off";
  input.value = start ?? cell.dataset["v"] ?? "";
  input.setAttribute("aria-label", `${cell.closest("tr")?.querySelector(".name")?.textContent ?? ""} ${place(cell).column}`);
  cell.classList.add("editing");
  cell.append(input);
  input.focus();
  if (start === undefined) input.select();
  let done = false;
  const finish = (keep: boolean, down = 0, right = 0) => {
    if (done) return;
    done = true;
    const text = input.value.trim();
    input.remove();
    cell.classList.remove("editing");
    go(neighbour(cell, down, right) ?? cell);
    if (keep && text !== (cell.dataset["v"] ?? "")) void save([{ ...place(cell), text }]);
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter") finish(true, event.shiftKey ? -1 : 1);
    else if (event.key === "Tab") finish(true, 0, event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") finish(false);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => finish(true));
}

const MOVES: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -99],
  End: [0, 99],
  PageUp: [-12, 0],
  PageDown: [12, 0],
};

function press(event: KeyboardEvent): void {
  const cell = event.target;
  if (!isCell(cell)) return;
  const move = MOVES[event.key];
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() === "z") document.querySelector<HTMLFormElement>("form[data-undo]")?.requestSubmit();
    else return;
  } else if (event.altKey && event.code === "KeyL") void lock(cell);
  else if (move) go(neighbour(cell, ...move));
  else if (event.key === "Enter" || event.key === "F2") edit(cell);
  else if (event.key === "Delete" || event.key === "Backspace") empty(cell);
  else if (event.key.length === 1 && !event.altKey && event.key !== " " && "edit" in cell.dataset) edit(cell, event.key);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function empty(cell: HTMLTableCellElement): void {
  if ("edit" in cell.dataset && cell.dataset["v"]) void save([{ ...place(cell), text: "" }]);
}

// Copy and paste

function paste(event: ClipboardEvent): void {
  const cell = document.activeElement;
  if (!isCell(cell)) return;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const block = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
  if (block.length === 1 && block[0]?.length === 1 && !block[0][0]) return;
  event.preventDefault();
  const below = lines();
  const rows = below.slice(below.findIndex((line) => line.contains(cell)));
  const width = Math.max(...block.map((line) => line.length));
  const wanted = width === 1 ? [cell] : cellsOf(rows[0] as Element).filter((other) => other.matches(".month"));
  const from = wanted.indexOf(cell);
  const columns = from < 0 ? [] : wanted.slice(from, from + width).map((other) => place(other).column);
  if (columns.length < width) return tell(card()?.dataset["tooWide"], width, columns.length);
  if (rows.length < block.length) return tell(card()?.dataset["tooLong"], block.length, rows.length);
  const edits: Edit[] = [];
  block.forEach((line, down) => {
    line.forEach((value, right) => {
      const row = rows[down]?.dataset["line"];
      const column = columns[right];
      if (row && column) edits.push({ row, column, text: value.trim() });
    });
  });
  void save(edits);
}

function copy(event: ClipboardEvent): void {
  const cell = document.activeElement;
  if (!isCell(cell) || String(getSelection())) return;
  event.clipboardData?.setData("text/plain", cell.dataset["v"] ?? "");
  event.preventDefault();
}

// Locking

async function lock(cell: HTMLTableCellElement): Promise<void> {
  const url = card()?.dataset["lock"];
  if (!url) return;
  const { row, column } = place(cell);
  await post(url, new URLSearchParams({ row, column }));
}

// Saving

function token(): string {
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}") as Record<string, string>;
  return headers["X-CSRFToken"] ?? "";
}

async function save(cells: Edit[]): Promise<void> {
  const here = card();
  const url = here?.dataset["save"];
  if (!here || !url) return;
  for (const { row, column } of cells) cellAt(row, column)?.classList.add("saving");
  await post(url, JSON.stringify({ cells }));
}

async function post(url: string, body: string | URLSearchParams): Promise<void> {
  const headers: Record<string, string> = { "X-CSRFToken": token(), "HX-Request": "true" };
  if (typeof body === "string") headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(url, { method: "POST", headers, body });
  } catch {
    settle();
    return tell(card()?.dataset["offline"], 0, 0);
  }
  const html = await answer.text();
  if (answer.ok) show(html, answer.headers.get("HX-Trigger"));
  else refuse(html);
}

function settle(): void {
  for (const cell of document.querySelectorAll("[data-targets] .saving")) cell.classList.remove("saving");
}

function show(html: string, trigger: string | null): void {
  const grid = card()?.querySelector<HTMLElement>("[data-grid]");
  const scroller = grid?.querySelector(".target-wrap");
  if (!grid) return;
  const [top, left] = [scroller?.scrollTop ?? 0, scroller?.scrollLeft ?? 0];
  const focused = grid.contains(document.activeElement);
  grid.innerHTML = html;
  htmx.process(grid);
  fresh();
  grid.querySelector(".target-wrap")?.scrollTo({ top, left });
  card()?.querySelector("[data-problems]")?.replaceChildren();
  const { active } = load();
  if (focused && active) go(cellAt(active.row, active.column));
  if (trigger) {
    const { toast } = JSON.parse(trigger) as { toast?: unknown };
    document.dispatchEvent(new CustomEvent("toast", { detail: toast }));
  }
}

function refuse(html: string): void {
  settle();
  const list = card()?.querySelector("[data-problems]");
  if (!list) return;
  list.innerHTML = html;
  for (const cell of document.querySelectorAll("[data-targets] td[aria-invalid]")) cell.removeAttribute("aria-invalid");
  for (const item of list.querySelectorAll<HTMLElement>("[data-column]")) {
    cellAt(item.dataset["row"] ?? "", item.dataset["column"] ?? "")?.setAttribute("aria-invalid", "true");
  }
}

function tell(words: string | undefined, count: number, most: number): void {
  const text = (words ?? "").replace("%c", String(count)).replace("%m", String(most));
  document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
}

// Folding people under their unit

function fold(button: HTMLElement): void {
  const open = button.getAttribute("aria-expanded") !== "true";
  const key = button.closest("tr")?.dataset["line"] ?? "";
  const folds = load().folds ?? {};
  folds[key] = open;
  remember({ folds });
  unfold(key, open);
}

function unfold(key: string, open: boolean): void {
  const line = card()?.querySelector<HTMLElement>(`tr[data-line="${CSS.escape(key)}"]`);
  line?.querySelector("[data-fold]")?.setAttribute("aria-expanded", String(open));
  for (const child of card()?.querySelectorAll<HTMLElement>(`tr[data-parent="${CSS.escape(key)}"]`) ?? []) {
    child.hidden = !open;
    const inner = child.querySelector("[data-fold]");
    if (inner) unfold(child.dataset["line"] ?? "", open && inner.getAttribute("aria-expanded") === "true");
  }
}

/** After the table came: folds as they were, one cell that Tab reaches, the running month in sight. */
function fresh(): void {
  const { folds, active } = load();
  for (const [key, open] of Object.entries(folds ?? {})) unfold(key, open);
  const first = (active && cellAt(active.row, active.column)) || card()?.querySelector<HTMLElement>("td[data-c]");
  if (first) first.tabIndex = 0;
  const wrap = card()?.querySelector<HTMLElement>(".target-wrap");
  const now = card()?.querySelector<HTMLElement>("th.now");
  if (wrap && now) wrap.scrollLeft = Math.max(0, now.offsetLeft + now.offsetWidth - wrap.clientWidth);
}

export function startTargets(): void {
  if (!card()) return;
  fresh();
  document.addEventListener("keydown", press, true);
  document.addEventListener("paste", paste);
  document.addEventListener("copy", copy);
  document.addEventListener("dblclick", (event) => {
    const cell = event.target instanceof Element ? event.target.closest("td[data-c]") : null;
    if (isCell(cell)) edit(cell);
  });
  onClick("[data-targets] td[data-c]", (cell, event) => {
    if (isCell(cell) && !(event.target instanceof HTMLInputElement)) go(cell);
  });
  onClick("[data-fold]", fold);
  onClick("[data-dismiss-problems]", () => {
    card()?.querySelector("[data-problems]")?.replaceChildren();
    for (const cell of document.querySelectorAll("td[aria-invalid]")) cell.removeAttribute("aria-invalid");
  });
}
