// The drawer at the right: <a data-drawer href="…"> loads a page's part into it. Esc and a click beside it close it and give
// the focus back (a dialog does that by itself).
import htmx from "htmx.org";
import { dialog, onClick } from "./dom";

export function startDrawer(): void {
  onClick("a[data-drawer]", (link, event) => {
    const drawer = dialog("drawer");
    if (!drawer || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const content = drawer.querySelector<HTMLElement>("#drawer-content");
    if (!content) return;
    content.replaceChildren();
    drawer.showModal();
    void htmx.ajax("GET", (link as HTMLAnchorElement).href, { target: content, swap: "innerHTML" });
  });
  onClick("[data-close]", (button) => button.closest("dialog")?.close());
  document.addEventListener("click", (event) => {
    // A click on the backdrop has the dialog itself as its target.
    if (event.target instanceof HTMLDialogElement && event.target.matches(".drawer, .palette, .sheet")) event.target.close();
  });
}
