// A part of a page that loads by itself (hx-get on [data-block]) fails by itself: the server's own error text is swapped in
// by htmx; where there was no answer at all, ours is. “Retry” asks for that part again.
import htmx from "htmx.org";
import { onClick } from "./dom";

export function startBlocks(): void {
  document.addEventListener("htmx:error", (event) => {
    const block = event.target instanceof Element ? event.target.closest("[data-block]") : null;
    const message = document.querySelector<HTMLTemplateElement>("#block-error");
    if (block && message) block.replaceChildren(message.content.cloneNode(true));
  });
  onClick("[data-retry]", (button) => {
    const block = button.closest<HTMLElement>("[data-block]");
    if (block) htmx.trigger(block, "retry");
    else location.reload();
  });
  document.addEventListener("htmx:after:swap", () => {
    const title = document.querySelector("#drawer[open] h2");
    if (title && document.activeElement === document.querySelector("#drawer")) title.setAttribute("tabindex", "-1");
  });
}
