// Light, dark or the system's: kept with the person on the server, shown here at once. Charts listen for the event.
import { onClick } from "./dom";

const dark = matchMedia("(prefers-color-scheme: dark)");

function announce(): void {
  document.dispatchEvent(new CustomEvent("salesloop:theme"));
}

/** Let the three theme buttons work without loading the page again. */
export function startTheme(): void {
  dark.addEventListener("change", announce);
  onClick("[data-theme-form] button", (button, event) => {
    const form = button.closest("form");
    if (!form) return;
    event.preventDefault();
    const theme = (button as HTMLButtonElement).value;
    document.documentElement.dataset["theme"] = theme;
    for (const other of document.querySelectorAll<HTMLButtonElement>("[data-theme-form] button")) {
      other.setAttribute("aria-pressed", String(other.value === theme));
    }
    announce();
    const body = new FormData(form);
    body.set("theme", theme);
    void fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
  });
}
