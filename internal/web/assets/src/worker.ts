// The map's worker, as a file of its own: the content policy allows workers
// from this origin only, so none may be made from a blob. It is exported on,
// because a bare import would be dropped: its package claims to have no effects.
export { default } from "maplibre-gl/dist/maplibre-gl-worker.mjs";
