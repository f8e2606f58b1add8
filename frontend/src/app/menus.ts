// <details class="menu">: one open at a time, closed by Esc or a click elsewhere, kept inside the window.

function open(): HTMLDetailsElement[] {
  return [...document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];
}

function keepInside(menu: HTMLDetailsElement): void {
  const panel = menu.querySelector<HTMLElement>(".menu-panel");
  if (!panel || getComputedStyle(panel).position === "fixed") return;
  const box = panel.getBoundingClientRect();
  if (box.right > innerWidth - 8) menu.classList.add("end");
  if (box.left < 8) menu.classList.remove("end");
}

/** Close every open menu; gives back whether there was one. */
export function closeMenus(): boolean {
  const menus = open();
  for (const menu of menus) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector<HTMLElement>("summary")?.focus();
  }
  return menus.length > 0;
}

export function startMenus(): void {
  document.addEventListener("click", (event) => {
    for (const menu of open()) {
      if (!(event.target instanceof Node) || !menu.contains(event.target)) menu.open = false;
    }
  });
  // "toggle" does not bubble, hence the capture.
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!(menu instanceof HTMLDetailsElement) || !menu.matches(".menu") || !menu.open) return;
      for (const other of open()) if (other !== menu && !other.contains(menu)) other.open = false;
      keepInside(menu);
    },
    true,
  );
}
