// The drop zone of the import: files by drag or by choice, a bar while they go up, what was wrong beside them. Without this
// script the form still sends the files.
import { onClick } from "./dom";

const MEGABYTE = 1024 * 1024;

function part<T extends HTMLElement>(form: HTMLFormElement, name: string): T | null {
  return form.querySelector<T>(`[data-drop-${name}]`);
}

function size(bytes: number): string {
  return bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

function list(form: HTMLFormElement): void {
  const files = form.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [];
  const items = [...files].map((file) => {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const weight = document.createElement("small");
    name.textContent = file.name;
    weight.textContent = size(file.size);
    item.append(name, weight);
    return item;
  });
  part(form, "files")?.replaceChildren(...items);
  part(form, "zone")?.classList.toggle("chosen", items.length > 0);
}

function take(form: HTMLFormElement, dropped: FileList): void {
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  if (!input || dropped.length === 0) return;
  const all = new DataTransfer();
  for (const file of [...(input.files ?? []), ...dropped]) all.items.add(file);
  input.files = all.files;
  list(form);
}

function busy(form: HTMLFormElement, on: boolean): void {
  const progress = part(form, "progress");
  if (progress) progress.hidden = !on;
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[type=submit]")) button.disabled = on;
}

function say(form: HTMLFormElement, html: string): void {
  const place = part(form, "problem");
  if (!place) return;
  place.innerHTML = html; // our own server's, escaped there
  place.scrollIntoView({ block: "nearest" });
}

function lost(form: HTMLFormElement): void {
  const message = document.querySelector<HTMLTemplateElement>("#block-error");
  if (message) part(form, "problem")?.replaceChildren(message.content.cloneNode(true));
}

function send(form: HTMLFormElement): void {
  const request = new XMLHttpRequest(); // fetch cannot tell how much has gone up
  const bar = form.querySelector("progress");
  const figures = part(form, "figures");
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    if (bar) bar.value = total ? (100 * loaded) / total : 0;
    if (figures) figures.textContent = `${size(loaded)} / ${size(total)}`;
  });
  request.addEventListener("load", () => {
    const target = request.getResponseHeader("HX-Redirect");
    if (target) return location.assign(target);
    busy(form, false);
    if (request.status === 422) say(form, request.responseText);
    else lost(form);
  });
  request.addEventListener("error", () => {
    busy(form, false);
    lost(form);
  });
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  const token = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
  if (token) request.setRequestHeader("X-CSRFToken", token);
  busy(form, true);
  request.send(new FormData(form));
}

function tooLarge(form: HTMLFormElement): boolean {
  const files = form.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [];
  const limit = Number(form.dataset["limit"]) * MEGABYTE;
  return [...files].reduce((sum, file) => sum + file.size, 0) > limit;
}

/** Let forms marked [data-drop] take dropped files and show how far the upload is. */
export function startUploads(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-drop]")) {
    const zone = part(form, "zone");
    for (const kind of ["dragenter", "dragover"]) {
      zone?.addEventListener(kind, (event) => {
        event.preventDefault();
        zone.classList.add("over");
      });
    }
    for (const kind of ["dragleave", "drop"]) zone?.addEventListener(kind, () => zone.classList.remove("over"));
    zone?.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer) take(form, event.dataTransfer.files);
    });
    form.addEventListener("change", () => list(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      part(form, "problem")?.replaceChildren();
      const message = form.querySelector<HTMLTemplateElement>("template[data-drop-too-large]");
      if (tooLarge(form) && message) part(form, "problem")?.replaceChildren(message.content.cloneNode(true));
      else send(form);
    });
  }
  onClick("[data-drop-zone]", (zone, event) => {
    if (event.target instanceof HTMLElement && event.target.closest("label, input")) return;
    zone.querySelector<HTMLInputElement>("input[type=file]")?.click();
  });
}
