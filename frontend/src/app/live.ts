// New data while a page is open. The stamp [data-live] names the address that answers 204 while the page shows what is published;
// it is asked every few seconds, not while the tab is hidden, and less and less often where nobody answers. A page whose
// numbers are all in blocks ([data-live-blocks]) gets them anew in place unless somebody is in the midst of something there;
// any other page offers to be read again.
import htmx from "htmx.org";
import { isTyping, onClick } from "./dom";

const EVERY = 5_000;
const SELDOM = 60_000;
let wait = EVERY;
let timer = 0;

function stamp(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-live]");
}

function askLater(): void {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(() => void ask(), wait);
}

async function ask(): Promise<void> {
  const here = stamp();
  if (!here) return;
  try {
    const answer = await fetch(`${here.dataset.live}?seen=${here.dataset.seen}`, { redirect: "error" });
    wait = answer.ok ? EVERY : Math.min(wait * 2, SELDOM);
    if (answer.status === 200) meet(here, await answer.text());
  } catch {
    wait = Math.min(wait * 2, SELDOM); // no network, or the session has ended: the next click says so
  }
  askLater();
}

function meet(here: HTMLElement, news: string): void {
  const blocks = document.querySelectorAll<HTMLElement>("main [data-live-blocks] [data-block]");
  if (!blocks.length || isBusy()) {
    offer();
    return;
  }
  for (const block of blocks) void htmx.ajax("GET", shownIn(block), { source: block, target: block });
  const parsed = new DOMParser().parseFromString(news, "text/html").querySelector("[data-live]");
  if (parsed) here.replaceWith(parsed);
  document.querySelector(".news")?.replaceChildren();
}

/** Whether somebody reads, chooses or writes something that a new text would take away. */
function isBusy(): boolean {
  const selected = document.getSelection();
  const focused = document.activeElement;
  return (
    document.querySelector("dialog[open], main details.menu[open]") !== null ||
    (selected !== null && !selected.isCollapsed) ||
    isTyping(focused) ||
    (focused?.matches("main [data-block] :focus-visible") ?? false)
  );
}

/** What a block shows: a link within it may have put another view of it there. */
function shownIn(block: HTMLElement): string {
  return block.dataset.shown ?? block.getAttribute("hx-get") ?? "";
}

function offer(): void {
  const place = document.querySelector(".news");
  const button = document.querySelector<HTMLTemplateElement>("template#news");
  if (place && button && !place.childElementCount) place.append(button.content.cloneNode(true));
}

/** Read the page again; where something was typed, the browser asks first. */
function refresh(): void {
  const typed = [...document.querySelectorAll<HTMLInputElement>("main input, main textarea")].some(
    (field) => field.type !== "hidden" && (field.value !== field.defaultValue || field.checked !== field.defaultChecked),
  );
  if (typed) addEventListener("beforeunload", (event) => event.preventDefault(), { once: true });
  location.reload();
}

export function startLive(): void {
  if (!stamp()) return;
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = (event as CustomEvent<{ ctx?: { target?: Element; request?: { action?: string } } }>).detail;
    if (ctx?.target instanceof HTMLElement && ctx.target.matches("[data-block]")) ctx.target.dataset.shown = ctx.request?.action;
  });
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) void ask();
  });
  onClick("[data-refresh]", refresh);
  askLater();
}
