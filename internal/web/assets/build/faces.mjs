// Cuts the faces: from the npm packages' variable files, one a script and
// style, to what pages use. Uprights keep their weights from 400 to 700, or as
// far as the face goes; italics are cut to 400 and 600, of which nearly every
// page needs only the first. Features that no style asks for go. Beside them the
// same faces as TrueType of one weight each, from which the server draws words
// into pictures.
//
//	node faces.mjs NODE_MODULES OUT
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const [modules, out] = process.argv.slice(2).map((p) => path.resolve(p));
const require = createRequire(path.join(modules, "faces.cjs"));
const subset = require("subset-font");

const keepFeatures = ["ccmp", "locl", "mark", "mkmk", "kern", "liga", "clig", "calt", "rlig", "lnum", "tnum", "pnum"];
const packages = [
  { name: "brygada-1918", family: "Brygada 1918" },
  { name: "source-sans-3", family: "Source Sans 3" },
];
// Words in pictures: the title, the kicker, the line under the title.
const words = [
  { name: "title", from: "brygada-1918", style: "normal", weight: 600 },
  { name: "kicker", from: "brygada-1918", style: "italic", weight: 500 },
  { name: "line", from: "source-sans-3", style: "normal", weight: 400 },
];
const italics = [
  { weight: 400, covers: "400 500" },
  { weight: 600, covers: "600 700" },
];

// blocks reads the files of a style and the ranges they are for.
async function blocks(name, style) {
  const folder = path.join(modules, "@fontsource-variable", name);
  const css = await readFile(path.join(folder, style === "italic" ? "wght-italic.css" : "wght.css"), "utf8");
  return [...css.matchAll(/url\(\.\/(files\/([\w-]+)\.woff2)\)[^}]*unicode-range:\s*([^;]+);/g)].map(([, file, stem, range]) => ({
    file: path.join(folder, file), stem, range,
  }));
}

// characters lists what a unicode-range names.
function characters(range) {
  let text = "";
  for (const part of range.split(",")) {
    const [from, to = from] = part.trim().replace(/^U\+/i, "").split("-").map((h) => parseInt(h, 16));
    for (let c = from; c <= to; c++) if (c < 0xd800 || c > 0xdfff) text += String.fromCodePoint(c);
  }
  return text;
}

// Latin is a family of its own, and what is beyond it the next: for each size and
// weight on a page a browser makes ready all faces of a family that it asks, and
// it asks the second only for a character that the first has not.
const familyOf = (family, stem) => `${family} ${stem.includes("-latin-wght") ? "Variable" : "beyond Latin"}`;

const face = (family, style, weight, file, range) =>
  `@font-face{font-family:"${family}";font-style:${style};font-display:swap;font-weight:${weight};src:url(./${file}) format("woff2");unicode-range:${range}}\n`;

await mkdir(path.join(out, "words"), { recursive: true });
let css = "/* Written by internal/web/assets/build/faces.mjs. */\n";
for (const { name, family } of packages) {
  for (const { file, stem, range } of await blocks(name, "normal")) {
    const woff = await subset(await readFile(file), characters(range), { targetFormat: "woff2", keepFeatures });
    await writeFile(path.join(out, `${stem}.woff2`), woff);
    css += face(familyOf(family, stem), "normal", name === "brygada-1918" ? "400 700" : "200 900", `${stem}.woff2`, range);
  }
  for (const { file, stem, range } of await blocks(name, "italic")) {
    for (const { weight, covers } of italics) {
      const woff = await subset(await readFile(file), characters(range), { targetFormat: "woff2", keepFeatures, variationAxes: { wght: weight } });
      await writeFile(path.join(out, `${stem}-${weight}.woff2`), woff);
      css += face(familyOf(family, stem), "italic", covers, `${stem}-${weight}.woff2`, range);
    }
  }
}
await writeFile(path.join(out, "faces.css"), css);

const list = [];
for (const { name, from, style, weight } of words) {
  const all = await blocks(from, style);
  all.sort((a, b) => Number(b.stem.includes("-latin-wght")) - Number(a.stem.includes("-latin-wght"))); // Latin first
  for (const { file, stem, range } of all) {
    const script = stem.slice(from.length + 1).replace(/-wght.*/, "");
    const ttf = await subset(await readFile(file), characters(range), {
      targetFormat: "truetype", keepFeatures: ["kern"], noHinting: true, variationAxes: { wght: weight },
    });
    await writeFile(path.join(out, "words", `${name}-${script}.ttf`), ttf);
    list.push(`${name}-${script}.ttf`);
  }
}
await writeFile(path.join(out, "words", "list.json"), JSON.stringify(list));
