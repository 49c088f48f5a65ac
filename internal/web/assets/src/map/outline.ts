// The outline of an area under the places.
import type { LayerSpecification, Map, SourceSpecification } from "maplibre-gl";
import type { Palette } from "./palette";

type Ring = [number, number][];

export interface Outline {
  type: "Polygon" | "MultiPolygon";
  coordinates: Ring[] | Ring[][];
}

export function outlineSource(address: string): SourceSpecification {
  return { type: "geojson", data: new URL(address, location.href).href };
}

export function outlineLayers(p: Palette): LayerSpecification[] {
  return [
    { id: "outline-fill", type: "fill", source: "outline", paint: { "fill-color": p.pin, "fill-opacity": 0.08 } },
    { id: "outline-case", type: "line", source: "outline", layout: { "line-join": "round" }, paint: { "line-color": p.sheet, "line-width": 5 } },
    { id: "outline", type: "line", source: "outline", layout: { "line-join": "round" }, paint: { "line-color": p.pin, "line-width": 2.5 } },
  ];
}

/** The rings of an outline, outer ones and holes alike. */
export function ringsOf(o: Outline): Ring[] {
  return o.type === "Polygon" ? (o.coordinates as Ring[]) : (o.coordinates as Ring[][]).flat();
}

/** Moves the map so that the whole outline is seen. */
export async function showOutline(map: Map, address: string): Promise<void> {
  const answer = await fetch(address);
  if (!answer.ok) return;
  const feature = (await answer.json()) as { geometry: Outline };
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ringsOf(feature.geometry).flat()) {
    w = Math.min(w, x);
    e = Math.max(e, x);
    s = Math.min(s, y);
    n = Math.max(n, y);
  }
  map.fitBounds([[w, Math.max(s, -85)], [e, Math.min(n, 85)]], { padding: 30, animate: false, maxZoom: 14 });
}
