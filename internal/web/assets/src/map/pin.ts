// The pin of a form: dragged, or put where one presses. It tells the form by an
// event; the form's own field says the same for who cannot drag.
import { Marker, type LngLat, type Map } from "maplibre-gl";
import type { Settings } from "./create";

export function pin(map: Map, frame: HTMLElement, at: Settings): void {
  const marker = new Marker({ element: drawn(), anchor: "bottom", draggable: true }).setLngLat([at.lon, at.lat]).addTo(map);
  const tell = (p: LngLat): void => {
    const w = p.wrap();
    frame.dispatchEvent(new CustomEvent("pin", { bubbles: true, detail: { lat: w.lat, lon: w.lng } }));
  };
  marker.on("dragend", () => tell(marker.getLngLat()));
  map.on("click", (e) => {
    marker.setLngLat(e.lngLat);
    tell(e.lngLat);
  });
}

function drawn(): HTMLElement {
  const ns = "http://www.w3.org/2000/svg";
  const box = document.createElement("div");
  box.className = "pin-drag";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "-14 -36 28 38");
  svg.setAttribute("width", "36");
  svg.setAttribute("height", "48");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("class", "chart-pin");
  path.setAttribute("d", "M0 0C-3-7-12-12-12-22a12 12 0 1 1 24 0C12-12 3-7 0 0z");
  svg.append(path);
  box.append(svg);
  return box;
}
