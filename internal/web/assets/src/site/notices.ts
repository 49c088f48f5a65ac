// Who goes where a notice leads has read it. Without script its button says so.
/** Wires the list of notices. */
export function notices(): void {
  document.querySelector("[data-notices]")?.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLElement>("[data-notice]");
    if (link) navigator.sendBeacon("/notifications", new URLSearchParams({ do: "read", id: link.dataset.notice ?? "" }));
  });
}
