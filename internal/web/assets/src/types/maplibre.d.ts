// The worker is built into a file of its own; it exports nothing we call.
declare module "maplibre-gl/dist/maplibre-gl-worker.mjs";
