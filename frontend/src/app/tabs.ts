// Tabs that do not fit into the window: the one that is open is scrolled into sight, and the others are seen to go on.

export function startTabs(): void {
  for (const strip of document.querySelectorAll<HTMLElement>(".tabs")) {
    const here = strip.querySelector<HTMLElement>("[aria-current]");
    const mark = (): void => {
      strip.toggleAttribute("data-more-before", strip.scrollLeft > 1);
      strip.toggleAttribute("data-more-after", strip.scrollLeft + strip.clientWidth < strip.scrollWidth - 1);
    };
    strip.addEventListener("scroll", mark, { passive: true });
    const show = (): void => {
      if (here) strip.scrollLeft = here.offsetLeft - strip.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
      mark();
    };
    window.addEventListener("resize", show, { passive: true });
    show();
  }
}
