// Distances in the reader's unit. The page carries the atlas's, with the
// metres in the value of <data>, so that it is the same page for everyone.
import { recall, type Unit } from "./store";

const mile = 1609.344;
const foot = 0.3048;

/** Writes metres as FormatDistance of internal/geo does: metres or feet when
 * near, one digit after the point under ten, whole numbers beyond. */
export function write(metres: number, unit: Unit): string {
  if (unit === "mi") {
    const miles = metres / mile;
    return miles < 0.095 ? `${Math.round(metres / foot / 10) * 10}\u00a0ft` : `${short(miles)}\u00a0mi`;
  }
  if (metres < 100) return `${Math.round(metres)}\u00a0m`;
  if (metres < 995) return `${Math.round(metres / 10) * 10}\u00a0m`;
  return `${short(metres / 1000)}\u00a0km`;
}

function short(v: number): string {
  if (v < 9.95) return v.toFixed(1);
  return String(Math.round(v)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Rewrites every distance under root in the reader's unit, or puts the
 * atlas's own back. */
export function units(root: ParentNode = document): void {
  const unit = recall("unit");
  const mine = unit === "km" || unit === "mi";
  for (const el of root.querySelectorAll<HTMLDataElement>("data[value]")) {
    if (!mine && el.dataset.own === undefined) continue; // as it came: nothing is laid out again
    el.dataset.own ??= el.textContent ?? "";
    const metres = Number(el.value);
    el.textContent = mine && Number.isFinite(metres) ? write(metres, unit) : el.dataset.own;
  }
}
