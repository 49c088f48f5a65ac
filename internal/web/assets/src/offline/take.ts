// "Take along" on a page: what it takes, then keeping it.
import { Full, able, fetchList, keep, packOf, type Pack } from "./keep";
import { day, fill, size } from "./words";

/** Fills an opened box. */
export async function take(box: HTMLElement): Promise<void> {
  const part = box.querySelector<HTMLElement>("[data-keep]");
  const say = box.querySelector<HTMLElement>("[data-keep-say]");
  const go = box.querySelector<HTMLButtonElement>("[data-keep-go]");
  const update = box.querySelector<HTMLButtonElement>("[data-keep-update]");
  const see = box.querySelector<HTMLElement>("[data-keep-see]");
  const from = box.dataset.take;
  if (!part || !say || !go || !update || !see || !from || !able()) return;
  part.hidden = false;
  const d = box.dataset;
  let list: Pack;
  try {
    list = await fetchList(from);
  } catch {
    say.textContent = d.sayFailed ?? "";
    return;
  }
  const before = await packOf(list.page);
  const n = list.items.length;
  say.textContent = n === 1 ? fill(d.sayOne, size(list.size.total)) : fill(d.sayMany, n.toLocaleString(), size(list.size.total));
  if (before) {
    say.textContent = `${fill(d.sayKept, day(before.kept))} ${say.textContent}`;
    update.hidden = see.hidden = false;
  } else go.hidden = false;

  const run = async (button: HTMLButtonElement): Promise<void> => {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      // What was announced may be old by now.
      const fresh = await fetchList(from);
      const had = await packOf(fresh.page);
      const out = await keep(fresh, (done, of) => (say.textContent = fill(d.sayBusy, done, of)));
      if (!had) say.textContent = d.sayDone ?? "";
      else if (out.changed + out.gone === 0) say.textContent = d.saySame ?? "";
      else say.textContent = fill(d.sayChanged, out.changed, out.gone);
      go.hidden = true;
      update.hidden = see.hidden = false;
    } catch (failure) {
      say.textContent = (failure instanceof Full ? d.sayFull : d.sayFailed) ?? "";
    }
    button.removeAttribute("aria-busy");
  };
  go.addEventListener("click", () => void run(go));
  update.addEventListener("click", () => void run(update));
}
