// The map's worker, as a file of its own: the content policy allows workers
// from this origin only, so none may be made from a blob.
import "maplibre-gl/dist/maplibre-gl-worker.mjs";
