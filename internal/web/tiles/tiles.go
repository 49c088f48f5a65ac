// Package tiles draws the maps: the embedded basemap of the world and the
// places on it as vector tiles, and the pictures that the server draws itself
// in the look of an engraved map (locator pictures, maps with pins, the world).
//
// Data: Natural Earth, public domain; see generate/.
package tiles

// Credit names the source of the map data, for the foot of every map.
const Credit = "Natural Earth"
