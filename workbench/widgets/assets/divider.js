// Widens the pane beside it; how wide it is stays in this browser. A double click gives it its own width back.
const LEAST = { list: 320, fields: 300 }, STEP = 24
export function render({ model, el }) {
  const name = `--rw-${model.pane}-width`, kept = `receipt-workbench-${model.pane}-width`, way = model.pane === "list" ? 1 : -1
  const handle = Object.assign(document.createElement("div"), { className: "divider", tabIndex: 0, title: model.label })
  handle.setAttribute("role", "separator"); handle.setAttribute("aria-orientation", "vertical"); handle.setAttribute("aria-label", model.label)
  el.append(handle)
  const host = el.getRootNode().host ?? el
  const pane = () => host.parentNode.querySelector(`.rw-${model.pane}`) ?? host.assignedSlot?.getRootNode().querySelector(`.rw-${model.pane}`)
  const set = (width) => {
    const root = document.documentElement
    if (width === null) { root.style.removeProperty(name); localStorage.removeItem(kept); tell(); return }
    const most = (host.parentNode.host ?? host.parentNode).getBoundingClientRect().width * 0.62
    const px = Math.round(Math.min(Math.max(width, LEAST[model.pane]), Math.max(most, LEAST[model.pane])))
    root.style.setProperty(name, `${px}px`); localStorage.setItem(kept, String(px)); tell()
  }
  const now = () => pane()?.getBoundingClientRect().width ?? 0
  // In hundredths of the window, which is what a separator's value counts in.
  const tell = () => handle.setAttribute("aria-valuenow", String(Math.round(100 * now() / window.innerWidth)))
  handle.addEventListener("focus", () => tell())
  let from = null
  handle.addEventListener("pointerdown", (e) => { if (e.button === 0) { from = [e.clientX, now()]; handle.setPointerCapture(e.pointerId); handle.classList.add("held"); e.preventDefault() } })
  handle.addEventListener("pointermove", (e) => { if (from) { set(from[1] + way * (e.clientX - from[0])) } })
  const end = () => { from = null; handle.classList.remove("held") }
  handle.addEventListener("pointerup", end); handle.addEventListener("pointercancel", end)
  handle.addEventListener("dblclick", () => set(null))
  handle.addEventListener("keydown", (e) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[e.key]
    if (by) { set(now() + way * by) } else if (e.key === "Home") { set(null) } else { return }
    e.preventDefault(); e.stopPropagation()
  })
  const width = Number(localStorage.getItem(kept))
  handle.setAttribute("aria-valuenow", "0")
  setTimeout(() => tell(), 500) // once the panes are laid out
  if (width) { document.documentElement.style.setProperty(name, `${width}px`) }
}
