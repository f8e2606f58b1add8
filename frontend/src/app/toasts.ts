// What happened, in the corner; with a way back where there is one. From the server: Django messages in the page, or an
// HX-Trigger header {"toast": {"text": "…", "undo": "/address"}}.
import { onClick } from "./dom";

const SHOWN = 6000;
const SHOWN_WITH_UNDO = 12_000;

interface Toast {
  text?: string;
  undo?: string;
}

function leaveLater(toast: HTMLElement): void {
  let timer = 0;
  const arm = () => {
    timer = setTimeout(() => toast.remove(), toast.querySelector("form") ? SHOWN_WITH_UNDO : SHOWN);
  };
  toast.addEventListener("mouseenter", () => clearTimeout(timer));
  toast.addEventListener("mouseleave", arm);
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("focusout", arm);
  arm();
}

function show({ text, undo }: Toast): void {
  const list = document.querySelector("#toasts");
  const template = document.querySelector<HTMLTemplateElement>("template#toast");
  const toast = template?.content.firstElementChild?.cloneNode(true);
  if (!list || !(toast instanceof HTMLElement) || !text) return;
  const words = toast.querySelector(".toast-text");
  if (words) words.textContent = text;
  const form = toast.querySelector("form");
  if (undo && form) form.action = undo;
  else form?.remove();
  list.append(toast);
  leaveLater(toast);
}

export function startToasts(): void {
  for (const toast of document.querySelectorAll<HTMLElement>("[data-toast]")) leaveLater(toast);
  document.addEventListener("toast", (event) => show((event as CustomEvent<Toast>).detail));
  onClick("[data-dismiss]", (button) => button.closest("[data-toast]")?.remove());
}
