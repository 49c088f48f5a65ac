// The page of what is kept, and every page without network: its address says
// what is asked for. Words stand in the templates of the page.
import { marks, settled } from "../site/marks";
import { units, write } from "../site/units";
import { recall, type Unit } from "../site/store";
import { Index, nearest } from "./find";
import { Full, fetchList, keep, leaf, packs, remove, type Item, type Pack } from "./keep";
import { day, daysSince, fill, size } from "./words";

interface MapModule {
  mountKept(frame: HTMLElement, items: Item[], tiles: Pack["tiles"], worker: string, box: Pack["tiles"]["box"]): Promise<void>;
}

const most = 200; // rows at once; the search narrows

/** Shows what the address asks for. */
export async function showPage(root: HTMLElement): Promise<void> {
  const p = new Page(root, root.querySelector<HTMLElement>("[data-offline-view]") ?? root, await packs());
  await p.show();
}

class Page {
  constructor(
    private readonly root: HTMLElement,
    private readonly view: HTMLElement,
    private readonly packs: Pack[],
  ) {}

  async show(): Promise<void> {
    const here = location.pathname + location.search;
    if (location.pathname === "/offline") {
      const asked = new URLSearchParams(location.search).get("pack");
      const pack = this.packs.find((p) => p.page === asked);
      if (pack) this.one(pack);
      else this.all(false);
      return;
    }
    // The rest of this runs where the network was asked and did not answer.
    const slug = location.pathname.startsWith("/places/") ? decode(location.pathname.slice("/places/".length)) : "";
    for (const pack of this.newestFirst()) {
      const item = pack.items.find((i) => i.slug === slug);
      if (item && (await this.place(pack, item))) return;
    }
    const pack = this.packs.find((p) => decode(p.page) === decode(here)) ?? this.packs.find((p) => decode(p.page) === decode(location.pathname));
    if (pack) this.one(pack, true);
    else this.all(true);
  }

  private newestFirst(): Pack[] {
    return [...this.packs].sort((a, b) => (b.kept ?? "").localeCompare(a.kept ?? ""));
  }

  private put(name: string): void {
    const copy = this.copy(name);
    const heading = document.createElement("h1");
    heading.textContent = this.root.querySelector<HTMLElement>(`template[data-t="${name}"]`)?.dataset.heading ?? "";
    copy.querySelector("[data-h1]")?.replaceWith(heading);
    this.view.replaceChildren(copy);
  }

  private copy(name: string): DocumentFragment {
    const template = this.root.querySelector<HTMLTemplateElement>(`template[data-t="${name}"]`);
    return template ? (template.content.cloneNode(true) as DocumentFragment) : new DocumentFragment();
  }

  private title(name: string): void {
    const rest = document.title.split(" · ").pop() ?? "";
    document.title = name ? `${name} · ${rest}` : document.title;
  }

  private counted(pack: Pack): string {
    const d = this.root.dataset;
    const n = pack.items.length;
    const bytes = size(pack.bytes ?? pack.size.total);
    return n === 1 ? fill(d.sayCountOne, bytes) : fill(d.sayCount, n.toLocaleString(), bytes);
  }

  private aged(pack: Pack): string {
    const d = this.root.dataset;
    const days = daysSince(pack.kept);
    const age = days === 0 ? d.sayToday : days === 1 ? d.sayDay : fill(d.sayDays, days);
    return `${fill(d.sayKept, day(pack.kept))}, ${age ?? ""}`;
  }

  /** Everything that is kept. unsaved says that something else was asked for. */
  private all(unsaved: boolean): void {
    this.put(this.packs.length > 0 ? "packs" : "none");
    const told = this.view.querySelector<HTMLElement>("[data-unsaved]");
    if (told) told.hidden = !unsaved;
    const ways = this.view.querySelector<HTMLElement>("[data-online]");
    if (ways && unsaved) ways.hidden = true;
    const list = this.view.querySelector("[data-packs]");
    for (const pack of this.packs) list?.append(this.row(pack));
  }

  private row(pack: Pack): DocumentFragment {
    const row = this.copy("pack");
    const at = <T extends HTMLElement>(name: string): T | null => row.querySelector<T>(`[data-${name}]`);
    const name = at<HTMLAnchorElement>("name");
    const say = at("say");
    const count = at("count");
    const age = at("age");
    const item = row.querySelector("li");
    if (name) {
      name.textContent = pack.name;
      name.href = `/offline?pack=${encodeURIComponent(pack.page)}`;
    }
    const original = at<HTMLAnchorElement>("page");
    if (original) original.href = pack.page;
    const tell = (p: Pack): void => {
      if (count) count.textContent = this.counted(p);
      if (age) age.textContent = this.aged(p);
    };
    tell(pack);
    const update = at<HTMLButtonElement>("update");
    update?.addEventListener("click", () => void this.update(pack, update, say, tell));
    at("delete")?.addEventListener("click", () => {
      void remove(pack.page).then(async () => {
        item?.remove();
        if (!this.view.querySelector(".pack")) await showPage(this.root);
        this.view.querySelector<HTMLElement>("h1")?.setAttribute("tabindex", "-1");
        this.view.querySelector<HTMLElement>("h1")?.focus();
      });
    });
    return row;
  }

  private async update(pack: Pack, button: HTMLButtonElement, say: HTMLElement | null, tell: (p: Pack) => void): Promise<void> {
    const d = this.root.dataset;
    const words = (s: string | undefined): void => {
      if (say) say.textContent = s ?? "";
    };
    button.setAttribute("aria-busy", "true");
    try {
      const out = await keep(await fetchList(pack.from ?? ""), (done, of) => words(fill(d.sayBusy, done, of)));
      words(out.changed + out.gone === 0 ? d.saySame : fill(d.sayChanged, out.changed, out.gone));
      if (say) say.dataset.fetched = String(out.fetched);
      tell(out.pack);
    } catch (failure) {
      words(failure instanceof Full ? d.sayFull : d.sayFailed);
    }
    button.removeAttribute("aria-busy");
  }

  /** One pack: search, what is near, a map, the list. */
  private one(pack: Pack, copy = false): void {
    this.put("one");
    this.title(pack.name);
    const at = <T extends HTMLElement>(name: string): T | null => this.view.querySelector<T>(`[data-${name}]`);
    const h1 = this.view.querySelector("h1");
    if (h1) h1.textContent = pack.name;
    const age = at("age");
    if (age) age.textContent = copy ? fill(this.root.dataset.sayCopy, day(pack.kept)) : `${this.counted(pack)}, ${this.aged(pack)}`;
    const index = new Index(pack.items);
    this.list(pack.items.map((item) => ({ item })), this.total(pack.items.length));
    const form = at<HTMLFormElement>("search");
    const box = form?.querySelector("input");
    let asked = 0;
    const search = async (): Promise<void> => {
      const mine = ++asked;
      const found = await index.find(box?.value ?? "", (item) => leaf(pack, item));
      if (mine !== asked) return; // something else was typed meanwhile
      const q = (box?.value ?? "").trim();
      const d = this.root.dataset;
      this.list(found.map((item) => ({ item })), q === "" ? this.total(found.length) : found.length === 0 ? fill(d.sayNothing, q) : fill(d.sayFound, found.length, q));
    };
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void search();
    });
    box?.addEventListener("input", () => void search());
    at<HTMLButtonElement>("near")?.addEventListener("click", (event) => this.near(pack, event.currentTarget as HTMLButtonElement));
    this.mapButton(pack, at<HTMLButtonElement>("show-map"), at("pack-map"));
  }

  private total(n: number): string {
    const d = this.root.dataset;
    return n === 1 ? (d.sayAllOne ?? "") : fill(d.sayAll, n.toLocaleString());
  }

  private near(pack: Pack, button: HTMLButtonElement): void {
    const d = this.root.dataset;
    const count = this.view.querySelector<HTMLElement>("[data-count]");
    button.setAttribute("aria-busy", "true");
    const refused = (): void => {
      button.removeAttribute("aria-busy");
      if (count) count.textContent = d.sayNowhere ?? "";
    };
    if (!navigator.geolocation) {
      refused();
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.removeAttribute("aria-busy");
        this.list(nearest(pack.items, coords.latitude, coords.longitude), d.sayNear ?? "");
      },
      refused,
      { maximumAge: 60_000, timeout: 10_000 },
    );
  }

  private list(rows: { item: Item; far?: number }[], said: string): void {
    const into = this.view.querySelector("[data-rows]");
    const count = this.view.querySelector<HTMLElement>("[data-count]");
    if (count) count.textContent = said;
    const unit = (recall("unit") ?? this.root.dataset.unit ?? "km") as Unit;
    into?.replaceChildren(...rows.slice(0, most).map(({ item, far }) => this.line(item, far === undefined ? "" : write(far, unit))));
  }

  private line(item: Item, far: string): DocumentFragment {
    const row = this.copy("row");
    const set = (name: string, words: string): void => {
      const el = row.querySelector<HTMLElement>(`[data-${name}]`);
      if (el) el.textContent = words;
    };
    set("name", item.title);
    set("hook", item.hook ?? "");
    set("where", item.where ?? "");
    set("far", far);
    const link = row.querySelector<HTMLAnchorElement>("[data-name]");
    if (link) {
      link.href = `/places/${encodeURIComponent(item.slug)}`;
      if (item.lang) link.lang = item.lang;
    }
    const picture = row.querySelector<HTMLImageElement>("[data-picture]");
    if (picture && item.picture) picture.src = item.picture;
    else picture?.remove();
    const status = row.querySelector<HTMLElement>("[data-status]");
    if (status && item.status) {
      status.textContent = item.status;
      status.hidden = false;
    }
    return row;
  }

  /** A place of a pack; false when its text is missing. */
  private async place(pack: Pack, item: Item): Promise<boolean> {
    const html = await leaf(pack, item);
    if (html === undefined) return false;
    this.put("place");
    this.title(item.title);
    const inside = this.view.querySelector("[data-inside]");
    // The server's own HTML: it was made safe there, and the content policy of
    // this page runs no script in it.
    // Parsed apart, so that nothing in it can run.
    if (inside) inside.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    const copy = this.view.querySelector("[data-copy]");
    if (copy) copy.textContent = fill(this.root.dataset.sayCopy, day(pack.kept));
    const back = this.view.querySelector<HTMLAnchorElement>("[data-pack]");
    if (back) {
      back.textContent = pack.name;
      back.href = `/offline?pack=${encodeURIComponent(pack.page)}`;
      if (pack.items.length === 1) back.remove();
    }
    units(this.view);
    const own = this.view.querySelector<HTMLElement>("[data-marks]");
    if (own && recall("marks-member")) {
      own.dataset.marks = item.id;
      own.hidden = false;
      marks(this.view, settled(this.view));
    }
    return true;
  }

  private mapButton(pack: Pack, button: HTMLButtonElement | null, frame: HTMLElement | null): void {
    const d = this.root.dataset;
    if (!button || !frame) return;
    if (!pack.tiles.box || !d.map) {
      button.hidden = true;
      return;
    }
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      frame.hidden = false;
      void (async () => {
        try {
          if (d.style && !document.querySelector(`link[href="${CSS.escape(d.style)}"]`)) {
            const link = document.createElement("link");
            link.rel = "stylesheet";
            link.href = d.style;
            document.head.append(link);
          }
          const module = (await import(d.map ?? "")) as MapModule;
          await module.mountKept(frame, pack.items, pack.tiles, d.worker ?? "", pack.tiles.box);
          button.hidden = true;
        } catch {
          frame.hidden = true; // no WebGL: the list is the same places
          button.hidden = true;
        }
      })();
    });
  }
}

function decode(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
