// The moving map: the whole page /map, and the map of a place or guide, which
// is a picture until touched.
import { setWorkerUrl } from "maplibre-gl";
import { create, settingsOf } from "./map/create";
import { runPage } from "./map/page";

/** Puts a moving map in the place of a picture. */
export async function mount(frame: HTMLElement, focus: boolean): Promise<void> {
  const settings = settingsOf(frame);
  // Closer than this our own basemap has nothing left to tell.
  if (!settings.style) settings.zoom = Math.min(settings.zoom, settings.tilesZoom + 4);
  setWorkerUrl(settings.worker);
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  const picture = frame.querySelector("img");
  const box = picture?.getBoundingClientRect();
  picture?.replaceWith(canvas);
  frame.querySelector("[data-move]")?.remove();
  if (box) canvas.style.blockSize = `${box.height}px`;
  const map = await create(canvas, settings, { controls: true });
  if (focus) map.getCanvas().focus();
}

const page = document.querySelector<HTMLElement>("[data-map-page]");
if (page) {
  setWorkerUrl(settingsOf(page).worker);
  void runPage(page);
}
