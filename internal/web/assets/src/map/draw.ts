// Drawing an area: by pressing the map, by dragging corners, or in the table of
// coordinates. What is drawn is written into the form's text, which is what is
// sent; without this script the text and the file field do the same.
import { NavigationControl, type GeoJSONSource, type Map, type MapMouseEvent, type MapTouchEvent } from "maplibre-gl";
import { create, settingsOf } from "./create";
import { ringsOf, type Outline } from "./outline";
import { palette } from "./palette";

type Point = [number, number]; // longitude, latitude

/** Rings of one polygon: the outer one, then holes. */
type Part = Point[][];

/** More points than this are not listed. */
const listed = 300;

/** The drawing: closed polygons, and the line that is being drawn. */
class Drawing {
  parts: Part[] = [];
  open: Point[] | null = null;

  /** Reads the form's text; what is no outline leaves it empty. */
  read(text: string): void {
    this.parts = [];
    try {
      const o = JSON.parse(text) as Outline & { geometry?: Outline };
      const outline = o.geometry ?? o;
      const parts = (outline.type === "Polygon" ? [outline.coordinates] : outline.coordinates) as Part[];
      // The last point of a ring is the first again.
      this.parts = parts.map((part) => part.map((ring) => ring.slice(0, -1)));
    } catch {
      // nothing is drawn yet
    }
  }

  /** The text of the closed polygons, "" for none. */
  write(): string {
    const round = (n: number): number => Math.round(n * 1e7) / 1e7;
    const parts = this.parts.map((part) => part.map((ring) => [...ring, ring[0]!].map(([x, y]) => [round(x), round(y)])));
    if (parts.length === 0) return "";
    return JSON.stringify(parts.length === 1 ? { type: "Polygon", coordinates: parts[0] } : { type: "MultiPolygon", coordinates: parts });
  }

  /** All lines, the open one last. */
  lines(): Point[][] {
    return [...this.parts.flat(), ...(this.open ? [this.open] : [])];
  }

  /** Takes a point out; what is left of a closed line with fewer than three
   * points goes too. */
  remove(line: Point[], at: number): void {
    line.splice(at, 1);
    if (line === this.open || line.length >= 3) return;
    this.parts = this.parts.map((part) => (part[0] === line ? [] : part.filter((ring) => ring !== line))).filter((part) => part.length > 0);
  }
}

export async function runDrawing(frame: HTMLFieldSetElement): Promise<void> {
  const field = document.getElementById(frame.dataset.drawing ?? "") as HTMLTextAreaElement | null;
  const canvas = frame.querySelector<HTMLElement>("[data-canvas]");
  if (!field || !canvas) return;
  const drawing = new Drawing();
  drawing.read(field.value);
  frame.hidden = false;
  let map: Map | null = null;
  const show = (): void => {
    field.value = drawing.write();
    tell(frame, drawing);
    list(frame, drawing, show);
    if (map) paint(map, drawing);
  };
  buttons(frame, drawing, show);
  field.addEventListener("change", () => {
    drawing.open = null;
    const typed = field.value;
    drawing.read(typed);
    show();
    field.value = typed; // what cannot be read stays as it was typed
  });
  tell(frame, drawing);
  list(frame, drawing, show);
  try {
    map = await create(canvas, settingsOf(frame), { controls: false });
  } catch {
    canvas.hidden = true; // the table and the text are left
    return;
  }
  map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  map.doubleClickZoom.disable();
  paint(map, drawing);
  map.on("styledata", () => map && paint(map, drawing)); // a change of the scheme brings a new style
  fit(map, drawing);
  listen(map, drawing, show);
}

function buttons(frame: HTMLElement, d: Drawing, show: () => void): void {
  const on = (name: string, fn: () => void): void => {
    frame.querySelector(`[data-draw="${name}"]`)?.addEventListener("click", () => {
      fn();
      show();
    });
  };
  on("start", () => (d.open ??= []));
  on("close", () => {
    if (d.open && d.open.length >= 3) d.parts.push([d.open]);
    d.open = null;
  });
  on("undo", () => d.open?.pop());
  on("clear", () => {
    d.parts = [];
    d.open = null;
  });
  on("add", () => {
    d.open ??= [];
    d.open.push([...(d.open.at(-1) ?? ([0, 0] as Point))]);
  });
}

/** Says how far the drawing is, and which buttons make sense. */
function tell(frame: HTMLElement, d: Drawing): void {
  const points = d.lines().reduce((n, line) => n + line.length, 0);
  const words = [(frame.dataset.sayPoints ?? "").replace("%s", String(points)).replace("%s", String(d.parts.flat().length))];
  if (d.open) words.push(frame.dataset.sayOpen ?? "");
  const told = frame.querySelector("[data-told]");
  if (told) told.textContent = words.join(" ");
  const able = (name: string, yes: boolean): void => {
    const b = frame.querySelector<HTMLButtonElement>(`[data-draw="${name}"]`);
    if (b) b.disabled = !yes;
  };
  able("start", d.open === null);
  able("close", d.open !== null && d.open.length >= 3);
  able("undo", d.open !== null && d.open.length > 0);
}

/** Fills the table of points. */
function list(frame: HTMLElement, d: Drawing, show: () => void): void {
  const body = frame.querySelector<HTMLElement>("[data-points]");
  if (!body) return;
  const focused = (document.activeElement as HTMLElement | null)?.id;
  body.replaceChildren();
  const lines = d.lines();
  if (lines.reduce((n, line) => n + line.length, 0) > listed) {
    const cell = body.appendChild(document.createElement("tr")).appendChild(document.createElement("td"));
    cell.colSpan = 4;
    cell.textContent = frame.dataset.sayMany ?? "";
    return;
  }
  let n = 0;
  for (const line of lines) {
    line.forEach((point, at) => {
      n++;
      const row = body.appendChild(document.createElement("tr"));
      row.appendChild(document.createElement("td")).textContent = String(n);
      row.append(degree(frame, point, 1, n, show), degree(frame, point, 0, n, show));
      const button = row.appendChild(document.createElement("td")).appendChild(document.createElement("button"));
      button.type = "button";
      button.className = "btn text sm";
      button.textContent = "×";
      button.setAttribute("aria-label", (frame.dataset.sayRemove ?? "").replace("%s", String(n)));
      button.addEventListener("click", () => {
        d.remove(line, at);
        show();
      });
    });
  }
  if (focused) document.getElementById(focused)?.focus();
}

/** A cell with one coordinate of a point. */
function degree(frame: HTMLElement, point: Point, axis: 0 | 1, n: number, show: () => void): HTMLTableCellElement {
  const cell = document.createElement("td");
  const input = cell.appendChild(document.createElement("input"));
  input.className = "input";
  input.id = `point-${n}-${axis}`;
  input.inputMode = "decimal";
  input.value = String(Math.round(point[axis] * 1e7) / 1e7);
  input.setAttribute("aria-label", ((axis === 1 ? frame.dataset.sayLat : frame.dataset.sayLon) ?? "").replace("%s", String(n)));
  input.addEventListener("change", () => {
    const v = Number(input.value.replace(",", "."));
    if (input.value.trim() !== "" && Number.isFinite(v) && Math.abs(v) <= (axis === 1 ? 90 : 540)) point[axis] = v;
    show();
  });
  return cell;
}

/** What the map shows of a drawing. */
function shapes(d: Drawing): GeoJSON.FeatureCollection {
  const features: GeoJSON.Feature[] = [];
  for (const part of d.parts) {
    features.push({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: part.map((ring) => [...ring, ring[0]!]) } });
  }
  if (d.open && d.open.length > 1) features.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: d.open } });
  d.lines().forEach((line, l) => {
    line.forEach((point, p) => features.push({ type: "Feature", properties: { line: l, point: p }, geometry: { type: "Point", coordinates: point } }));
  });
  return { type: "FeatureCollection", features };
}

function paint(map: Map, d: Drawing): void {
  const source = map.getSource<GeoJSONSource>("drawn");
  if (source) {
    source.setData(shapes(d));
    return;
  }
  const p = palette();
  map.addSource("drawn", { type: "geojson", data: shapes(d) });
  map.addLayer({ id: "drawn-fill", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": p.pin, "fill-opacity": 0.12 } });
  map.addLayer({ id: "drawn-line", type: "line", source: "drawn", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": p.pin, "line-width": 2.5 } });
  map.addLayer({ id: "drawn-points", type: "circle", source: "drawn", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 6, "circle-color": p.sheet, "circle-stroke-color": p.pin, "circle-stroke-width": 2.5 } });
}

function fit(map: Map, d: Drawing): void {
  const all = ringsOf({ type: "MultiPolygon", coordinates: d.parts }).flat();
  if (all.length === 0) return;
  const [xs, ys] = [all.map((p) => p[0]), all.map((p) => p[1])];
  const least = (v: number[]): number => v.reduce((a, b) => Math.min(a, b));
  const most = (v: number[]): number => v.reduce((a, b) => Math.max(a, b));
  map.fitBounds([[least(xs), Math.max(least(ys), -85)], [most(xs), Math.min(most(ys), 85)]], { padding: 40, animate: false, maxZoom: 14 });
}

/** Presses add points to the open line; dragging a corner moves it. */
function listen(map: Map, d: Drawing, show: () => void): void {
  map.on("click", (e) => {
    if (!d.open) return;
    d.open.push([e.lngLat.lng, e.lngLat.lat]);
    show();
  });
  const grab = (e: (MapMouseEvent | MapTouchEvent) & { features?: { properties: Record<string, unknown> }[] }): void => {
    const { line, point } = (e.features?.[0]?.properties ?? {}) as { line?: number; point?: number };
    const held = line === undefined || point === undefined ? undefined : d.lines()[line]?.[point];
    if (!held || "points" in e && e.points.length > 1) return;
    e.preventDefault(); // the map stays
    const move = (m: MapMouseEvent | MapTouchEvent): void => {
      held[0] = m.lngLat.lng;
      held[1] = m.lngLat.lat;
      paint(map, d);
    };
    const drop = (): void => {
      map.off("mousemove", move);
      map.off("touchmove", move);
      show();
    };
    map.on("mousemove", move);
    map.on("touchmove", move);
    map.once("mouseup", drop);
    map.once("touchend", drop);
  };
  map.on("mousedown", "drawn-points", grab);
  map.on("touchstart", "drawn-points", grab);
  map.on("mouseenter", "drawn-points", () => (map.getCanvas().style.cursor = "move"));
  map.on("mouseleave", "drawn-points", () => (map.getCanvas().style.cursor = d.open ? "crosshair" : ""));
}
