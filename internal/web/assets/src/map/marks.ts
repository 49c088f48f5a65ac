// Places on the map: clusters with their number, and a drop for a single
// place. What a place is shows in the shape of its mark, never in its colour
// alone: a hole for a place, a fork for somewhere to eat, an outline for what
// is lost or closed for good.
import type { GeoJSONSourceSpecification, LayerSpecification, Map } from "maplibre-gl";
import type { Palette } from "./palette";
import { sans } from "./style";

const ratio = 2; // drawn twice as large, for dense screens
const width = 28;
const height = 40;

/** Draws the pictures that layers name; again after the scheme has changed. */
export function addMarks(map: Map, p: Palette): void {
  const put = (name: string, image: ImageData): void => {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image, { pixelRatio: ratio });
  };
  put("place", drop(p, "hole"));
  put("eatery", drop(p, "fork"));
  put("gone", drop(p, "outline"));
  put("rough", disc(p));
  put("town", dot(p));
}

function board(w: number, h: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = w * ratio;
  canvas.height = h * ratio;
  const c = canvas.getContext("2d");
  if (!c) throw new Error("no canvas");
  c.scale(ratio, ratio);
  return c;
}

function drop(p: Palette, inside: "hole" | "fork" | "outline"): ImageData {
  const c = board(width, height);
  c.translate(width / 2, height - 3);
  const shape = new Path2D("M0 0C-3-7-12-12-12-22a12 12 0 1 1 24 0C12-12 3-7 0 0z");
  c.lineJoin = "round";
  c.lineWidth = inside === "outline" ? 2.5 : 1.5;
  c.fillStyle = inside === "outline" ? p.sheet : p.pin;
  c.strokeStyle = inside === "outline" ? p.pin : p.sheet;
  c.fill(shape);
  c.stroke(shape);
  c.fillStyle = c.strokeStyle = p.sheet;
  c.lineWidth = 1.8;
  c.lineCap = "round";
  if (inside === "hole") c.fill(new Path2D("M4.6-22a4.6 4.6 0 1 1-9.2 0a4.6 4.6 0 1 1 9.2 0z"));
  if (inside === "fork") c.stroke(new Path2D("M-5-28v4a2.5 2.5 0 0 0 5 0v-4M-2.5-28v12M5-16v-12c-2 1-3 3.5-3 7h3"));
  return c.getImageData(0, 0, width * ratio, height * ratio);
}

/** The hatched disc of a place that stands only about there: it has no point. */
function disc(p: Palette): ImageData {
  const size = 28;
  const c = board(size, size);
  c.translate(size / 2, size / 2);
  const round = new Path2D("M12 0A12 12 0 1 1-12 0A12 12 0 1 1 12 0z");
  c.globalAlpha = 0.75;
  c.fillStyle = p.sheet;
  c.fill(round);
  c.globalAlpha = 1;
  c.strokeStyle = p.pin;
  c.lineWidth = 2;
  c.stroke(round);
  c.clip(round);
  c.lineWidth = 1.3;
  c.stroke(new Path2D("M-8.5 8.5L8.5-8.5M-12 3.6L3.6-12M-3.6 12L12-3.6M-13-4L-4-13M4 13L13 4"));
  return c.getImageData(0, 0, size * ratio, size * ratio);
}

function dot(p: Palette): ImageData {
  const c = board(6, 6);
  c.fillStyle = p.label;
  c.beginPath();
  c.arc(3, 3, 2.2, 0, 2 * Math.PI);
  c.fill();
  return c.getImageData(0, 0, 6 * ratio, 6 * ratio);
}

/** The grid of the tiles that the map asks for: cells 64 px wide. */
export const cells = 8;

/** The highest zoom at which places are fetched; above it nothing more parts. */
export const placesZoom = 17;

/** The source of places, narrowed by a query as on /places. */
export function placesSource(query: string): { type: "vector"; tiles: string[]; maxzoom: number } {
  const narrowed = query ? `&${query}` : "";
  return { type: "vector", tiles: [`${location.origin}/tiles/places/{z}/{x}/{y}.mvt?cells=${cells}${narrowed}`], maxzoom: placesZoom };
}

/** A place on this device. */
export interface KeptFeature {
  type: "Feature";
  geometry: { type: "Point"; coordinates: number[] };
  properties: { slug: string; title: string; kind: string; status: string; count: number };
}

/** The source of places that are on this device: they part as tiles do. */
export function keptSource(features: KeptFeature[]): GeoJSONSourceSpecification {
  return {
    type: "geojson", data: { type: "FeatureCollection", features }, cluster: true, clusterRadius: 40, clusterMaxZoom: placesZoom,
    clusterProperties: { count: ["+", ["get", "count"]] },
  };
}

/** The layers of places, above the basemap; those on this device come without
 * the layers of tiles. */
export function placesLayers(p: Palette, kept = false): LayerSpecification[] {
  const layers = tileLayers(p);
  if (kept) for (const layer of layers) delete (layer as { "source-layer"?: string })["source-layer"];
  return layers;
}

function tileLayers(p: Palette): LayerSpecification[] {
  return [
    {
      id: "clusters", type: "circle", source: "places", "source-layer": "places", filter: [">", ["get", "count"], 1],
      paint: {
        "circle-color": p.cluster, "circle-stroke-color": p.sheet, "circle-stroke-width": 2,
        "circle-radius": ["step", ["get", "count"], 13, 10, 17, 60, 21, 150, 26],
      },
    },
    {
      id: "numbers", type: "symbol", source: "places", "source-layer": "places", filter: [">", ["get", "count"], 1],
      layout: {
        "text-field": ["case", [">=", ["get", "count"], 10000], ["concat", ["to-string", ["round", ["/", ["get", "count"], 1000]]], "k"], ["to-string", ["get", "count"]]],
        "text-font": sans, "text-size": 13, "text-allow-overlap": true, "text-padding": 6,
      },
      paint: { "text-color": p.onCluster },
    },
    {
      id: "places", type: "symbol", source: "places", "source-layer": "places", filter: ["==", ["get", "count"], 1],
      layout: {
        "icon-image": ["case", ["==", ["get", "tier"], "approximate"], "rough", ["in", ["get", "status"], ["literal", ["lost", "closed"]]], "gone", ["==", ["get", "kind"], "eatery"], "eatery", "place"],
        // A drop stands on its point; a disc lies about its middle.
        "icon-anchor": ["case", ["==", ["get", "tier"], "approximate"], "center", "bottom"],
        "icon-offset": ["case", ["==", ["get", "tier"], "approximate"], ["literal", [0, 0]], ["literal", [0, 3]]], "icon-allow-overlap": true,
      },
    },
  ];
}
