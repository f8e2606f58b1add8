// A report in its frame: as high as the document, so that the page scrolls and not the frame.

function fit(frame: HTMLIFrameElement): void {
  const height = frame.contentDocument?.documentElement.scrollHeight;
  if (height) frame.style.height = `${height + 2}px`;
}

export function startReport(): void {
  const frame = document.querySelector<HTMLIFrameElement>("iframe[data-report]");
  if (!frame) return;
  const ready = () => {
    // An error page does not let itself be framed; the browser then shows nothing that we may look into.
    const failed = document.querySelector<HTMLTemplateElement>("#block-error");
    if (!frame.contentDocument && failed) frame.replaceWith(failed.content.cloneNode(true));
    else fit(frame);
  };
  frame.addEventListener("load", ready);
  if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL !== "about:blank") ready();
  new ResizeObserver(() => fit(frame)).observe(document.body);
}
