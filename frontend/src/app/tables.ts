// Lists with the keyboard: j and k move through the rows of a table or the items marked [data-row]; Enter opens the row's link.
import { dialog, onClick } from "./dom";

function rows(): HTMLElement[] {
  const found = document.querySelectorAll<HTMLElement>("main tbody tr:has(a.row-link), main [data-row]");
  return [...found].filter((row) => row.offsetParent !== null);
}

/** Move the selection by one; false where the page has no list. */
export function moveInTable(step: 1 | -1): boolean {
  const all = rows();
  if (all.length === 0) return false;
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  const link = next?.querySelector<HTMLElement>("a.row-link, a, button") ?? null;
  link?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

/** The whole of a row in the drawer: on a phone a table shows only its main columns. */
function showRow(row: HTMLTableRowElement): void {
  const drawer = dialog("drawer");
  const content = drawer?.querySelector<HTMLElement>("#drawer-content");
  const head = row.closest("table")?.tHead?.rows[0];
  const template = document.querySelector<HTMLTemplateElement>("template#row-detail");
  if (!drawer || !content || !head || !template) return;
  content.replaceChildren(template.content.cloneNode(true));
  const list = content.querySelector("dl");
  [...row.cells].forEach((cell, index) => {
    const name = head.cells[index];
    if (!list || !name || name.classList.contains("phone")) return;
    const term = document.createElement("dt");
    const value = document.createElement("dd");
    term.textContent = name.textContent;
    value.textContent = cell.textContent;
    list.append(term, value);
  });
  drawer.showModal();
}

export function startTables(): void {
  onClick("[data-row-open]", (button) => {
    const row = button.closest("tr");
    if (row) showRow(row);
  });
  document.addEventListener("focusin", () => {
    for (const row of document.querySelectorAll("tr[aria-selected]")) row.removeAttribute("aria-selected");
    document.activeElement?.closest("main tbody tr:has(a.row-link)")?.setAttribute("aria-selected", "true");
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
    const source = button && document.getElementById(button.dataset["copy"] ?? "");
    if (!button || !source) return;
    void navigator.clipboard.writeText(source.textContent ?? "").then(() => {
      button.classList.add("done");
      button.setAttribute("aria-label", button.dataset["done"] ?? "");
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset["done"] } }));
    });
  });
}
