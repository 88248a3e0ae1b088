// Where the line to the server is lost, a bar lies over everything and takes every key and click. What was being typed
// is kept in the browser; when the server answers again the page is loaded anew, and the same receipt, field and text
// stand there.
const KEPT = "receipt-workbench-return"

export function render({ model, el }) {
  el.style.display = "contents"
  if (model.inside) { return }
  const cover = document.createElement("div")
  cover.className = "cover"
  cover.setAttribute("popover", "manual")
  const bar = Object.assign(document.createElement("div"), { className: "bar", textContent: model.text })
  bar.setAttribute("role", "alert")
  cover.append(bar)
  el.append(cover)

  let lost = false
  let going = false // the page is being left: its line ends, and that is nothing to tell
  const stop = (e) => { e.preventDefault(); e.stopImmediatePropagation() }
  const look = async () => {
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(4000) })
      if (answer.status < 500 && !going) { location.reload(); return }
    } catch { /* still away */ }
    setTimeout(look, 700)
  }
  const lose = () => {
    if (lost || going) { return }
    lost = true
    const state = { id: model.chosen, field: model.field }
    window.dispatchEvent(new CustomEvent("rw-leaving", { detail: state }))
    sessionStorage.setItem(KEPT, JSON.stringify(state))
    cover.showPopover()
    document.activeElement?.blur()
    for (const kind of ["keydown", "keypress", "beforeinput", "pointerdown", "click", "dblclick", "drop"]) { window.addEventListener(kind, stop, true) }
    setTimeout(look, 700)
  }
  for (const one of Bokeh.documents) { one.on_event("connection_lost", lose) }
  const leave = () => { going = true }
  window.addEventListener("beforeunload", leave)
  window.addEventListener("offline", lose)
  model.on("remove", () => window.removeEventListener("beforeunload", leave))
  model.on("remove", () => window.removeEventListener("offline", lose))

  const kept = sessionStorage.getItem(KEPT)
  if (kept) {
    sessionStorage.removeItem(KEPT)
    const state = JSON.parse(kept)
    if (state.id) { model.send_msg({ id: state.id, field: state.typed ? state.typed.field : state.field }) }
    setTimeout(() => window.dispatchEvent(new CustomEvent("rw-back", { detail: state })))
  }
}
